using Grpc.Core;

namespace Grpc.Shared;

/// <summary>Statuses that the protocol itself ends calls with; same codes and texts on both sides.</summary>
internal static class ProtocolStatus
{
    public static readonly Status ReceivedTooLarge =
        new(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

    public static readonly Status SendingTooLarge =
        new(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.");

    public static readonly Status CompressedWithoutEncoding =
        new(StatusCode.Internal, "Request did not include grpc-encoding value with compressed message.");

    public static readonly Status CompressedWithIdentity =
        new(StatusCode.Internal, "Request sent 'identity' grpc-encoding value with compressed message.");

    public static readonly Status Incomplete = new(StatusCode.Internal, "Incomplete message.");

    public static readonly Status AdditionalData = new(StatusCode.Internal, "Additional data after the message received.");

    public static Status UnsupportedEncoding(string encoding, MessageEncodings encodings) =>
        new(
            StatusCode.Unimplemented,
            $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: "
            + encodings.AcceptHeader.Replace(",", ", ", StringComparison.Ordinal));
}
