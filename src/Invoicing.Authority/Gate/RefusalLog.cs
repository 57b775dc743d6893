namespace Invoicing.Authority.Gate;

/// <summary>Says which refusals are told one by one: ten of an address at once, and one every ten seconds after that; the rest are counted.</summary>
/// <remarks>A log is read by people and lies on a disk; whoever is refused may try a thousand times a second. Any number of threads.</remarks>
/// <param name="time">The clock.</param>
internal sealed class RefusalLog(TimeProvider time)
{
    private const double Burst = 10;
    private const double Rate = 0.1;

    /// <summary>Addresses that are remembered; when full, those that are quiet are forgotten, and if there are none, all.</summary>
    private const int MaxAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressKey, Told> _told = [];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Counts a refusal.</summary>
    /// <param name="address">Whose.</param>
    /// <param name="untold">How many before it were not told, if this one is to be; else 0.</param>
    /// <returns>Whether to tell it.</returns>
    public bool MayTell(AddressKey address, out long untold)
    {
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            if (!_told.TryGetValue(address, out Told? told))
            {
                Forget(now);
                _told.Add(address, told = new() { Lines = new(Rate, Burst) });
            }

            bool may = told.Lines.TryTake(now);
            untold = may ? told.Untold : 0;
            told.Untold = may ? 0 : told.Untold + 1;
            return may;
        }
    }

    private void Forget(TimeSpan now)
    {
        if (_told.Count < MaxAddresses)
        {
            return;
        }

        foreach ((AddressKey address, Told told) in _told)
        {
            if (told.Untold == 0 && told.Lines.IsFullAt(now))
            {
                _told.Remove(address);
            }
        }

        if (_told.Count >= MaxAddresses)
        {
            _told.Clear();
        }
    }

    private sealed class Told
    {
        public TokenBucket Lines;

        public long Untold { get; set; }
    }
}
