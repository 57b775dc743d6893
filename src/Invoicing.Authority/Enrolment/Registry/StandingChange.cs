using Grpc.Core;
using Invoicing.Chain;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>A client whose open streams must end.</summary>
/// <param name="Client">Its row.</param>
/// <param name="Enrolment">A device's enrolment; <see langword="null"/> of others.</param>
/// <param name="Status">What its streams end with, and why.</param>
internal sealed record StandingChange(long Client, ChainId? Enrolment, Status Status);
