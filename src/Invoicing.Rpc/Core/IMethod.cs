namespace Grpc.Core;

/// <summary>A remote method without its message types.</summary>
internal interface IMethod
{
    /// <summary>Which sides are streams.</summary>
    MethodType Type { get; }

    /// <summary>Package and service, "pkg.v1.Service".</summary>
    string ServiceName { get; }

    /// <summary>The method's own name.</summary>
    string Name { get; }

    /// <summary>The HTTP path, "/pkg.v1.Service/Method".</summary>
    string FullName { get; }
}
