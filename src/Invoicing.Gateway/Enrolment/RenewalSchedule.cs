namespace Invoicing.Gateway.Enrolment;

/// <summary>When a certificate is renewed. Pure.</summary>
internal static class RenewalSchedule
{
    /// <summary>A week: a person has this long to look at what keeps the device from renewing.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromDays(7);

    /// <summary>When to renew: when a third of its life is left, and a little later, so that devices enrolled on one day do not come on one.</summary>
    /// <param name="from">When the certificate's life began.</param>
    /// <param name="until">When it ends.</param>
    /// <param name="jitter">0 up to but not 1: up to a tenth of the third.</param>
    public static DateTimeOffset Due(DateTimeOffset from, DateTimeOffset until, double jitter)
    {
        TimeSpan third = (until - from) / 3;
        return until - third + (third * (jitter / 10));
    }

    /// <summary>How near the end is.</summary>
    public static CertificateState StateOf(DateTimeOffset until, DateTimeOffset now) =>
        now > until ? CertificateState.Ended : until - now < Warning ? CertificateState.EndsSoon : CertificateState.Good;
}
