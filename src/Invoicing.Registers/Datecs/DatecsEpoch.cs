using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Invoicing.Hashing;

namespace Invoicing.Registers.Datecs;

/// <summary>Derives epochs. README.md, "Identity and epoch".</summary>
internal static class DatecsEpoch
{
    /// <summary>Most lives of one register's numbering: far more than a fiscal memory can close days over.</summary>
    public const int MaxLives = 1000;

    /// <summary>Of a register with an electronic journal.</summary>
    /// <param name="serial">Its serial.</param>
    /// <param name="memory">Its fiscal memory's number.</param>
    /// <param name="life">Which life of its numbering, from 1.</param>
    public static ulong Of(string serial, string memory, int life) => First("datecs/epoch", serial, memory, Number(life));

    /// <summary>Of a register that pushes.</summary>
    /// <param name="register">Its number in the packets.</param>
    /// <param name="day">Number of the day (Z) where receipt numbers begin again with it; else empty.</param>
    /// <param name="life">Which life of its numbering, from 1.</param>
    public static ulong OfPush(string register, string day, int life) => First("datecs/push/epoch", register, day, Number(life));

    /// <summary>The first 8 bytes, as a big-endian number, of SHA-256 over the texts in ASCII, each but the last ended by a zero byte. Never 0.</summary>
    private static ulong First(params string[] parts)
    {
        byte[] hash = Sha256Hash.Of(Encoding.ASCII.GetBytes(string.Join('\0', parts))).ToArray();
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        return first == 0 ? 1 : first;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
