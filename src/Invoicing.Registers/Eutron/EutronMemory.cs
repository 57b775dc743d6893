using System.Buffers.Binary;
using Invoicing.Hashing;

namespace Invoicing.Registers.Eutron;

/// <summary>What has to be remembered of a register from one start to the next, in its book of captures. Immutable.</summary>
/// <param name="Ecr">ECR number that it told first; <see langword="null"/> while it told none.</param>
/// <param name="Epoch">The life of its counters that is being read.</param>
/// <param name="HasZero">Whether 000000 follows 999999 on this register; if not, 000001 does.</param>
/// <param name="Sequence">A receipt that is recorded; 0 if none is.</param>
/// <param name="Hash">Its content.</param>
/// <param name="Table">Piece of the book that holds the articles' names; 0 if none does.</param>
internal sealed record EutronMemory(ushort? Ecr, ulong Epoch, bool HasZero, ulong Sequence, Sha256Hash Hash, long Table)
{
    private const byte Version = 1;
    private const int Length = 1 + 1 + 2 + 8 + 1 + 8 + Sha256Hash.Length + 8;

    /// <summary>Its bytes, of fixed length: version, has ECR, ECR, epoch, has zero, sequence, hash, table; numbers little-endian.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        Span<byte> rest = bytes;
        rest[0] = Version;
        rest[1] = Ecr is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], Ecr ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[4..], Epoch);
        rest[12] = HasZero ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(rest[13..], Sequence);
        Hash.CopyTo(rest[21..]);
        BinaryPrimitives.WriteInt64LittleEndian(rest[(21 + Sha256Hash.Length)..], Table);
        return bytes;
    }

    /// <summary>Reads what was kept.</summary>
    /// <returns><see langword="null"/> if nothing was.</returns>
    /// <exception cref="InvoicingException">Something else was kept.</exception>
    public static EutronMemory? Read(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? null
        : bytes.Length != Length || bytes[0] != Version
            ? throw new InvoicingException(
                $"expected what was remembered of a Eutron register, version {Version} in {Length} bytes, found version {bytes[0]} in {bytes.Length}; "
                + "its book of captures belongs to another driver: name the register otherwise")
        : new(
            bytes[1] == 0 ? null : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]),
            bytes[12] == 1,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[13..]),
            new Sha256Hash(bytes.Slice(21, Sha256Hash.Length)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[(21 + Sha256Hash.Length)..]));
}
