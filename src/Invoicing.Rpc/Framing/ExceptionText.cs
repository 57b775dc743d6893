namespace Grpc.Shared;

/// <summary>An exception and its causes in one line, for a status that carries nothing else.</summary>
internal static class ExceptionText
{
    public static string Of(Exception exception)
    {
        string text = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is null ? text : text + " " + Of(exception.InnerException);
    }
}
