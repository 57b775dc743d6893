using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Signing;

namespace Invoicing.Gateway.Enrolment;

/// <summary>What a renewal tells to the authority.</summary>
/// <param name="Authority">Where it is.</param>
/// <param name="Identity">The identity that is to be renewed.</param>
/// <param name="Signer">The chain's key in force.</param>
/// <param name="Chain">The chain.</param>
/// <param name="KeyChanges">The chain's newest key changes, which the authority may not have.</param>
/// <param name="Software">Name and version of the program.</param>
internal sealed record RenewalRequest(
    Uri Authority, DeviceIdentity Identity, ISigner Signer, ChainId Chain, ImmutableArray<ReceivedEntry> KeyChanges, string Software);
