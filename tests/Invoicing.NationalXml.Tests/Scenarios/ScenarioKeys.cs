using Invoicing.NationalXml.Signatures;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>A certificate for each seller of the scenarios, made when it is first asked for: an RSA key takes its time.</summary>
public sealed class ScenarioKeys : IDisposable
{
    private readonly Dictionary<string, TestSeller> _sellers = new(StringComparer.Ordinal);

    public MessageKey Of(string taxCode)
    {
        if (!_sellers.TryGetValue(taxCode, out TestSeller? seller))
        {
            seller = _sellers[taxCode] = new("MST:" + taxCode);
        }

        return seller.Key;
    }

    public void Dispose()
    {
        foreach (TestSeller seller in _sellers.Values)
        {
            seller.Dispose();
        }
    }
}
