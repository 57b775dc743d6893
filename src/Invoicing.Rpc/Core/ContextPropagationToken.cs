namespace Grpc.Core;

/// <summary>Would carry a server call's deadline over to calls made inside it; no implementation makes one.</summary>
internal abstract class ContextPropagationToken
{
    private protected ContextPropagationToken()
    {
    }
}
