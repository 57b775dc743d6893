using Invoicing.Chain;

namespace Invoicing.Gateway.Enrolment;

/// <summary>What an enrolment gave.</summary>
/// <param name="Enrolment">Who sells, which codes and numbers were granted, which keys the authority signs with.</param>
/// <param name="CertificateEnds">Until when the device's certificate is good; it renews itself before.</param>
/// <param name="ClockDifference">Our clock minus the authority's; <see langword="null"/> if it said none: the device was enrolled before, and nothing was asked.</param>
/// <param name="WasEnrolled">Whether the device was enrolled by this code before, and nothing was asked.</param>
public sealed record EnrolledDevice(EnrolmentGrant Enrolment, DateTimeOffset CertificateEnds, TimeSpan? ClockDifference, bool WasEnrolled);
