namespace Invoicing.Gateway.Recording;

/// <summary>Sees steps of the wall clock by comparing it with the steady one. Pure: each look gives the next watch.</summary>
/// <param name="Wall">Wall clock at the last look, UTC milliseconds; 0 before the first.</param>
/// <param name="Steady">Steady clock at the last look, milliseconds.</param>
/// <param name="HourStart">Steady clock at the first step of this hour.</param>
/// <param name="Steps">Steps told in this hour.</param>
internal readonly record struct ClockWatch(long Wall, long Steady, long HourStart, int Steps)
{
    /// <summary>A time service slews smaller differences; larger ones are steps that a reader of the chain should know of.</summary>
    public const long Threshold = 2_000;

    /// <summary>Most steps told in an hour: a broken clock must not fill the chain.</summary>
    public const int MaxPerHour = 6;

    private const long Hour = 3_600_000;

    /// <summary>Looks at both clocks.</summary>
    /// <param name="wall">Wall clock, UTC milliseconds.</param>
    /// <param name="steady">Steady clock, milliseconds.</param>
    /// <param name="expected">Where the wall clock would stand without a step; 0 if there was none to tell.</param>
    public ClockWatch Look(long wall, long steady, out long expected)
    {
        expected = 0;
        if (Wall == 0)
        {
            return new(wall, steady, steady, 0);
        }

        long steadyWall = Wall + (steady - Steady);
        if (Math.Abs(wall - steadyWall) <= Threshold)
        {
            return this with { Wall = wall, Steady = steady };
        }

        ClockWatch next = Turn(wall, steady, out bool isTold);
        expected = isTold ? steadyWall : 0;
        return next;
    }

    /// <summary>Takes a step that was made on purpose: another clock counts from here on.</summary>
    /// <param name="wall">What it shows, UTC milliseconds.</param>
    /// <param name="steady">Steady clock, milliseconds.</param>
    /// <param name="isTold">Whether it is to be told.</param>
    public ClockWatch Turn(long wall, long steady, out bool isTold)
    {
        bool isNewHour = Wall == 0 || steady - HourStart >= Hour;
        int steps = isNewHour ? 1 : Steps + 1;
        isTold = steps <= MaxPerHour;
        return new(wall, steady, isNewHour ? steady : HourStart, Math.Min(steps, MaxPerHour + 1));
    }
}
