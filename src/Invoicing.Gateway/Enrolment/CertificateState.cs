namespace Invoicing.Gateway.Enrolment;

/// <summary>How near a certificate's end is.</summary>
public enum CertificateState
{
    /// <summary>More than a week away.</summary>
    Good,

    /// <summary>Less than a week away: it should have been renewed long ago.</summary>
    EndsSoon,

    /// <summary>Past. Recording goes on; nothing is sent before the renewal.</summary>
    Ended,
}
