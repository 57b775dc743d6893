namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>What is known of a command's length.</summary>
/// <param name="State">Whether <paramref name="Length"/> is the whole, what is needed to know more, or what to skip of an unknown command.</param>
/// <param name="Length">In bytes, from the command's first; above 0.</param>
internal readonly record struct Measure(MeasureState State, long Length)
{
    /// <summary>The command has this length.</summary>
    internal static Measure Total(long length) => new(MeasureState.Total, length);

    /// <summary>This many bytes must be there before more can be said.</summary>
    internal static Measure Needs(long length) => new(MeasureState.Needs, length);

    /// <summary>Not in the table: skip so many bytes.</summary>
    internal static Measure Unknown(long length) => new(MeasureState.Unknown, length);
}
