namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>How a register is tested against TLK/1.</summary>
public sealed record ConformanceOptions
{
    /// <summary>Most times by which a register's clocks may be built faster (<c>TLK_TIME_SCALE</c>).</summary>
    public const int LargestTimeScale = 100;

    /// <summary>
    /// Has the register ring up one sale of so many lines: asks the person at the till, or runs a command. Returns when that is under way;
    /// <see langword="null"/> for a register that sells by itself all the time.
    /// </summary>
    public Func<int, CancellationToken, Task>? Sell { get; init; }

    /// <summary>How long a sale may take from <see cref="Sell"/> to its record: two minutes for a person who is asked.</summary>
    public TimeSpan SalePatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The 32 bytes of pairing; empty: the line is not sealed.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Whether the line is cut at 16 places of each exchange instead of after every byte, and cases of a minute or more are left out.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Cases to run, such as <c>C031</c>; empty: all.</summary>
    public IReadOnlyCollection<string> Cases { get; init; } = [];

    /// <summary>What the register divides all times of TLK/1 §10 by: 1 in the field, more only for builds made for tests.</summary>
    public int TimeScale { get; init; } = 1;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called with each case's line of the report when it has ended.</summary>
    public Action<string>? Progress { get; init; }
}
