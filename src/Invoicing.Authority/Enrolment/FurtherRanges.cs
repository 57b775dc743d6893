using System.Collections.Concurrent;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;

namespace Invoicing.Authority.Enrolment;

/// <summary>Ranges granted to devices behind those of their enrolment records, as intake asks for them: once for each invoice that uses one.</summary>
/// <remarks>Any number of threads. Remembers what the registry says until a device is granted more.</remarks>
internal sealed class FurtherRanges(AuthorityRegistry registry)
{
    /// <summary>Devices remembered; when full all are forgotten and read again as needed. A device has a handful of grants of 200 bytes.</summary>
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<ChainId, IReadOnlyList<RangeGrant>> _known = new();

    /// <summary>What was granted to an enrolment, in the order of the grants' numbers.</summary>
    public IReadOnlyList<RangeGrant> Of(ChainId enrolment)
    {
        if (_known.TryGetValue(enrolment, out IReadOnlyList<RangeGrant>? known))
        {
            return known;
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        return _known[enrolment] = registry.FurtherOf(enrolment);
    }

    /// <summary>Grants further ranges; see <see cref="AuthorityRegistry.GrantRanges"/>.</summary>
    public RangeAnswer Grant(ChainId enrolment, int granted, bool codes, bool numbers, int year)
    {
        RangeAnswer answer = registry.GrantRanges(enrolment, granted, codes, numbers, year);

        // Behind the grant: whoever reads in between remembers what is forgotten here.
        _known.TryRemove(enrolment, out _);
        return answer;
    }
}
