namespace Invoicing.Gateway.Enrolment;

/// <summary>By what the device is known to the authority, and how that fares.</summary>
/// <param name="Name">Name of the device.</param>
/// <param name="CertificateEnds">Until when its certificate is good.</param>
/// <param name="State">How near that is, by the best known time.</param>
/// <param name="RenewsItself">Whether it renews its certificate; a bundle without an identity folder does not.</param>
/// <param name="Trouble">Why the last renewal failed; <see langword="null"/> if none did since the last that succeeded.</param>
public sealed record IdentityStatus(string Name, DateTimeOffset CertificateEnds, CertificateState State, bool RenewsItself, string? Trouble);
