namespace Invoicing.Gateway.Enrolment;

/// <summary>Why an enrolment or a renewal failed.</summary>
internal enum EnrolmentFailure
{
    /// <summary>No answer came, or a busy one: the same request again may get one.</summary>
    NoAnswer,

    /// <summary>The server is not the authority that is trusted. Nothing secret was sent.</summary>
    NotTrusted,

    /// <summary>The authority said no.</summary>
    Refused,

    /// <summary>The authority cannot read the request: another has to be made.</summary>
    Malformed,

    /// <summary>The answer is not what was asked for.</summary>
    WrongAnswer,
}
