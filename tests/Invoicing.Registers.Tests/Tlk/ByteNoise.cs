namespace Invoicing.Registers.Tests.Tlk;

/// <summary>Bytes that went wrong.</summary>
internal static class ByteNoise
{
    private const int LongestPiece = 48;

    /// <summary>Some bytes changed, missing, doubled, or cut off.</summary>
    internal static byte[] Mutate(byte[] source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int changes = random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int piece = Math.Min(random.Next(1, LongestPiece), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x80;
                    break;
                case 3:
                    bytes.RemoveRange(at, piece);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, piece));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
