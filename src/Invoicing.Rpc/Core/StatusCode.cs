namespace Grpc.Core;

/// <summary>How a call ended. Numbers are those of the gRPC specification ("status codes and their use in gRPC").</summary>
internal enum StatusCode
{
    /// <summary>It worked.</summary>
    OK = 0,

    /// <summary>Cancelled, most often by the caller.</summary>
    Cancelled = 1,

    /// <summary>No better word known; also what a handler's unexpected exception becomes.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The time that the caller allowed ran out; the work may have been done all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 5,

    /// <summary>What was to be made is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known, and may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached: size, quota, space.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in the state that the request needs.</summary>
    FailedPrecondition = 9,

    /// <summary>Given up because of others at work; may be tried again from an earlier step.</summary>
    Aborted = 10,

    /// <summary>Past the end of what is there.</summary>
    OutOfRange = 11,

    /// <summary>No such service or method here, or an encoding that is not spoken.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the protocol or of the server is broken.</summary>
    Internal = 13,

    /// <summary>Not reachable now; trying again may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
