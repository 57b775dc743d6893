using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>What the writer knows of a chain.</summary>
/// <param name="Standing">Where it stands; <see langword="null"/> if nothing of it is stored.</param>
/// <param name="Watermark">Its last watermark, as it was signed.</param>
/// <param name="EnrolmentUser">The chain that was started on the enrolment; <see langword="null"/> if none was.</param>
internal sealed record ChainOpening(ChainStanding? Standing, SignedWatermark? Watermark, ChainId? EnrolmentUser);
