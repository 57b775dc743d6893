namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Which documents a register holds.</summary>
/// <param name="Oldest">The oldest; 0 if it does not say.</param>
/// <param name="Newest">The newest; 0 if it holds none.</param>
internal sealed record JournalRange(ulong Oldest, ulong Newest)
{
    /// <summary>The last number of the registers' count, which has seven digits; the next is 1.</summary>
    public const ulong LastNumber = 9_999_999;

    /// <summary>Nothing is known.</summary>
    public static readonly JournalRange None = new(0, 0);
}
