using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>What an HTTP response says about a call.</summary>
internal static class HttpResponses
{
    /// <summary>The first value of a header; null if there is none.</summary>
    public static string? First(this HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.First() : null;

    /// <summary>Headers or trailers without those of the protocol.</summary>
    public static Metadata ToMetadata(this HttpHeaders headers)
    {
        Metadata metadata = [];
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            if (ProtocolNames.IsReserved(header.Key))
            {
                continue;
            }

            foreach (string value in header.Value)
            {
                if (header.Key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                {
                    BinaryText.AddTo(metadata, header.Key, value);
                }
                else
                {
                    metadata.Add(header.Key, value);
                }
            }
        }

        return metadata;
    }

    /// <summary>The status of a response that has ended with its headers, or is none of gRPC's; null if messages may follow.</summary>
    public static Status? EarlyStatus(this HttpResponseMessage response)
    {
        if (StatusIn(response.Headers) is { } status)
        {
            return status;
        }

        if (response.Version < HttpVersion.Version20)
        {
            return new Status(
                StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version.ToString(2)}.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(CodeOf(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        return response.Content.Headers.First("Content-Type") switch
        {
            null => new Status(StatusCode.Cancelled, "Bad gRPC response. Response did not have a content-type header."),
            { } type when !ProtocolNames.IsContentType(type) =>
                new Status(StatusCode.Cancelled, "Bad gRPC response. Invalid content-type value: " + type),
            _ => null,
        };
    }

    /// <summary>The status in the trailers, once the body is read to its end.</summary>
    public static Status FinalStatus(this HttpResponseMessage response) =>
        StatusIn(response.TrailingHeaders) ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");

    private static Status? StatusIn(HttpHeaders headers)
    {
        if (headers.First(ProtocolNames.Status) is not { } code)
        {
            return null;
        }

        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? new Status((StatusCode)value, StatusText.Decode(headers.First(ProtocolNames.Message)))
            : new Status(StatusCode.Cancelled, "Unexpected grpc-status value: " + code);
    }

    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    private static StatusCode CodeOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
