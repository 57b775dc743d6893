namespace Invoicing.Registers.Eutron;

/// <summary>How receipt numbers of six digits and sequences without end belong together. Pure.</summary>
/// <remarks>
/// In the first round a sequence is the number itself. After 999999 comes 000000 or 000001, whichever the firmware does: it is learnt at
/// the first round's end, when both ways still agree on everything before.
/// </remarks>
internal static class ReceiptCount
{
    /// <summary>Last number.</summary>
    public const int Last = 999_999;

    /// <summary>
    /// Most receipts that may be missing where the counter went round: a smaller number that would mean more is a counter that was set back.
    /// </summary>
    public const int MaxMissing = 1_000;

    /// <summary>The number that a sequence has on paper; 0 for sequence 0, which is no receipt.</summary>
    public static int NumberOf(ulong sequence, bool hasZero) =>
        sequence == 0 ? 0 : hasZero ? (int)(sequence % (Last + 1)) : (int)((sequence - 1) % Last) + 1;

    /// <summary>The sequence of a number that comes at or after another one.</summary>
    /// <returns><see langword="null"/> if the number lies before it: the counter was set back.</returns>
    public static ulong? Following(ulong sequence, int number, bool hasZero)
    {
        int at = NumberOf(sequence, hasZero);
        if (number >= at)
        {
            return sequence + (ulong)(number - at);
        }

        int forward = Last - at + number + (hasZero ? 1 : 0);
        return sequence > 0 && forward <= MaxMissing ? sequence + (ulong)forward : null;
    }

    /// <summary>Whether a receipt that stands behind the one of a sequence shows that the counter was set back: its number is no later one.</summary>
    public static bool IsSetBack(ulong sequence, int number, bool hasZero) =>
        sequence > 0 && (number == NumberOf(sequence, hasZero) || Following(sequence, number, hasZero) is null);
}
