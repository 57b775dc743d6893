namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>Upkeep between commits: checkpoints and lookup indexes of full segments.</summary>
internal sealed partial class SqliteLedger
{
    /// <summary>Full segments that may wait for their lookups before the writer builds them under load.</summary>
    private const int MaxWithoutLookups = 2;

    private int _toIndex;

    /// <inheritdoc/>
    public bool Maintain(bool isIdle)
    {
        if (_file.LogPages >= (isIdle ? IdleLogLimit : LogLimit))
        {
            _file.Checkpoint();
            return true;
        }

        // The open segment is still written; a checkpoint that could not finish must not hold up the rest.
        int waiting = _openSegment - _toIndex;
        if (waiting > (isIdle ? 0 : MaxWithoutLookups))
        {
            BuildNextLookup();
            return true;
        }

        return false;
    }

    private static string LookupName(int segment, string lookup) => $"{LedgerSchema.Table(segment)}_by_{lookup}";

    private void BuildNextLookup()
    {
        foreach ((string name, string columns, string where) in LedgerSchema.Lookups)
        {
            string index = LookupName(_toIndex, name);
            if (_file.Scalar($"SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = '{index}'") == 0)
            {
                _file.Execute($"CREATE UNIQUE INDEX {index} ON {LedgerSchema.Table(_toIndex)}({columns}) {where}");
                return;
            }
        }

        _toIndex++;
    }

    private int FirstSegmentWithoutLookups()
    {
        int segment = 1;
        string last = LedgerSchema.Lookups[^1].Name;
        while (segment < _openSegment
            && _file.Scalar($"SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = '{LookupName(segment, last)}'") > 0)
        {
            segment++;
        }

        return segment;
    }
}
