using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>What intake asks of whoever grants ranges to devices.</summary>
/// <param name="GrantsOfSeller">All grants of a seller, by tax code: whose codes a successor may enter again.</param>
/// <param name="Further">Ranges granted to an enrolment behind those of its record, in the order of their numbers.</param>
/// <param name="GrantAsync">Grants further ranges; the same number asked for again gives the same bytes.</param>
/// <param name="Alarm">Takes note of something that a person should look at.</param>
internal sealed record IntakeGrants(
    Func<string, IReadOnlyList<EnrolmentGrant>> GrantsOfSeller, Func<ChainId, IReadOnlyList<RangeGrant>> Further,
    Func<EnrolmentGrant, RangeWish, Task<RangeAnswer>> GrantAsync, Action<EnrolmentGrant, string> Alarm);
