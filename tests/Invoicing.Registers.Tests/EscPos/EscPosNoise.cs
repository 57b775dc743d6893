namespace Invoicing.Registers.Tests.EscPos;

/// <summary>Streams for fuzzing: a job that a till might send, then bytes flipped, cut, doubled and thrown in.</summary>
internal static class EscPosNoise
{
    private static readonly byte[] Heads = [0x1B, 0x1D, 0x1C, 0x10, 0x0A, 0x0D, 0x09, 0x00, 0x18, 0x0C];

    internal static byte[] Base(Random random, int kinds = 4) => random.Next(kinds) switch
    {
        0 => JobScript.Receipt(random.Next(10_000).ToString(System.Globalization.CultureInfo.InvariantCulture)).Qr("x").Pulse().Cut().Bytes,
        1 => new JobScript().Init().Raster(random.Next(1, 40), random.Next(1, 20), i => (byte)(i & 255)).Cut().Bytes,
        2 => new JobScript().Raw(0x1B, (byte)'&', 3, 65, 70).Raw(1, 1, 2, 3).Raw(0, 0, 0, 0, 0).Line("A").Raw(0x1B, (byte)'D', 8, 16, 0).Cut().Bytes,
        _ => [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(3) == 0 ? Heads[random.Next(Heads.Length)] : (byte)random.Next(256))],
    };

    internal static byte[] Mutate(byte[] job, Random random)
    {
        List<byte> bytes = [.. job];
        for (int i = random.Next(4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, [Heads[random.Next(Heads.Length)], (byte)random.Next(32, 127)]);
                    break;
            }
        }

        return bytes.Count == 0 ? [0] : [.. bytes];
    }
}
