using System.Text;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk.Framing;

public sealed class Crc32CTests
{
    [Fact]
    public void Checksums_are_those_of_the_vectors()
    {
        Assert.All(
            Vectors.Of("crc32c"),
            v => Assert.Equal(v.Text("crc"), Crc32C.Of(Encoding.ASCII.GetBytes(v.Text("ascii"))).ToString("X8", null)));
    }

    [Fact]
    public void Every_length_agrees_with_the_definition_bit_by_bit()
    {
        byte[] bytes = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 37 % 256))];
        for (int length = 0; length <= bytes.Length; length++)
        {
            uint crc = uint.MaxValue;
            foreach (byte b in bytes.AsSpan(0, length))
            {
                crc ^= b;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
                }
            }

            Assert.Equal(~crc, Crc32C.Of(bytes.AsSpan(0, length)));
        }
    }
}
