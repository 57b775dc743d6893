namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What is mapped so far; that it is there also says that <c>AddGrpc</c> was called. Used while the host starts.</summary>
internal sealed class MappedServices
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is mapped yet.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>False if a service of that name is mapped already.</summary>
    public bool Add(string serviceName) => _names.Add(serviceName);
}
