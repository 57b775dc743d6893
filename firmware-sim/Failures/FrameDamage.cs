using FirmwareSim.Baskets;

namespace FirmwareSim.Failures;

/// <summary>Bytes as a bad cable leaves them.</summary>
internal static class FrameDamage
{
    /// <summary>One bit between two positions is flipped.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="from">First position that may be hit.</param>
    /// <param name="to">The position behind the last; if there is none between, nothing is hit.</param>
    /// <param name="draw">Where.</param>
    public static byte[] Flip(byte[] frame, int from, int to, SeededDraw draw)
    {
        byte[] hit = [.. frame];
        if (to > from)
        {
            hit[draw.Between(from, to - 1)] ^= (byte)(1 << draw.Between(0, 6));
        }

        return hit;
    }

    /// <summary>One decimal digit goes up by one and another down by one: every sum of bytes stays, the number does not.</summary>
    /// <returns>The frame; unchanged if there are no two digits that allow it.</returns>
    public static byte[] FlipDigitsTwice(byte[] frame, int from, int to, SeededDraw draw)
    {
        List<int> rising = [];
        List<int> falling = [];
        for (int i = from; i < to; i++)
        {
            if (frame[i] is >= (byte)'0' and < (byte)'9')
            {
                rising.Add(i);
            }

            if (frame[i] is > (byte)'0' and <= (byte)'9')
            {
                falling.Add(i);
            }
        }

        return ShiftOne(frame, rising, falling, draw);
    }

    /// <summary>One byte goes up by one and another down by one, wherever the result is still two decimal digits a byte.</summary>
    public static byte[] FlipBcdTwice(byte[] frame, int from, int to, SeededDraw draw)
    {
        const int Low = 0x0F;
        const int LastDigit = 9;
        List<int> rising = [];
        List<int> falling = [];
        for (int i = from; i < to; i++)
        {
            int digit = frame[i] & Low;
            if (digit < LastDigit)
            {
                rising.Add(i);
            }

            if (digit is > 0 and <= LastDigit)
            {
                falling.Add(i);
            }
        }

        return ShiftOne(frame, rising, falling, draw);
    }

    private static byte[] ShiftOne(byte[] frame, List<int> rising, List<int> falling, SeededDraw draw)
    {
        byte[] hit = [.. frame];
        if (rising.Count == 0 || falling.Count == 0)
        {
            return hit;
        }

        int up = rising[draw.Between(0, rising.Count - 1)];
        falling.Remove(up);
        if (falling.Count > 0)
        {
            hit[up]++;
            hit[falling[draw.Between(0, falling.Count - 1)]]--;
        }

        return hit;
    }
}
