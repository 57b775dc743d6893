namespace Grpc.Shared;

/// <summary>Header names and values of gRPC over HTTP/2 (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md).</summary>
internal static class ProtocolNames
{
    public const string ContentType = "application/grpc";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Identity = "identity";

    /// <summary>Metadata that never travels: names the encoding that a side wants its own messages to have.</summary>
    public const string WantedEncoding = "grpc-internal-encoding-request";

    /// <summary>Error code CANCEL of RST_STREAM (RFC 9113, 7).</summary>
    public const int ResetCancel = 0x8;

    /// <summary>"application/grpc", alone or followed by "+proto" or parameters.</summary>
    public static bool IsContentType(string value) =>
        value.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (value.Length == ContentType.Length || value[ContentType.Length] is '+' or ';');

    /// <summary>Headers that belong to the protocol and are not shown as metadata, on either side.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':')
        || name.Equals(Status, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Message, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Encoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(AcceptEncoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase);
}
