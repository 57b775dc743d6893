using System.Collections.Immutable;

namespace Invoicing.Catalogues;

/// <summary>Collects the faults of a list, up to their limit.</summary>
internal sealed class ReadingFaults
{
    private readonly ImmutableArray<CatalogueFileFault>.Builder _faults = ImmutableArray.CreateBuilder<CatalogueFileFault>();

    public bool Any => _faults.Count > 0;

    public bool IsFull => _faults.Count == CatalogueReading.MaxFaults;

    public void Add(int line, string column, string expected, string found)
    {
        if (!IsFull)
        {
            _faults.Add(new(line, column, expected, found));
        }
    }

    public ImmutableArray<CatalogueFileFault> ToImmutable() => _faults.ToImmutable();
}
