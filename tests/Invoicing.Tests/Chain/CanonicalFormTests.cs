using System.Security.Cryptography;
using Google.Protobuf;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Tests.Chain;

public sealed class CanonicalFormTests
{
    private static readonly CanonicalForm Form = CanonicalForm.Of(EntryBody.Descriptor);

    /// <summary>The definition that the fast check stands for: parse, serialise, compare.</summary>
    private static bool ByDefinition(byte[] bytes)
    {
        try
        {
            EntryBody body = EntryBody.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
            return body.ToByteArray().AsSpan().SequenceEqual(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    [Fact]
    public void Agrees_with_parsing_and_serialising_on_every_mutation()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        using var chain = new TestChain();
        byte[] whole = chain.AddInvoice().Body.ToArray();
        Assert.True(Form.Holds(whole));
        int accepted = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] mutated = Mutate(whole, random);
            bool expected = ByDefinition(mutated);
            accepted += expected ? 1 : 0;
            Assert.True(expected == Form.Holds(mutated), $"seed {seed}, round {i}: expected {expected} for {Convert.ToHexString(mutated)}");
        }

        Assert.InRange(accepted, 1, 199_999);
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        switch (random.Next(4))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            default:
                int from = random.Next(bytes.Length);
                return [.. bytes[..from], .. bytes[(from + 1)..]];
        }
    }

    [Theory]
    [InlineData("08 01 08 01", "a field twice")]
    [InlineData("18 01 08 01", "fields out of order")]
    [InlineData("08 81 00", "a varint with a last byte of zero")]
    [InlineData("08 80 80 80 80 80 80 80 80 80 02", "a varint of more than 64 bits")]
    [InlineData("08 ff ff ff ff 1f", "a uint32 of more than 32 bits")]
    [InlineData("0a 01 01", "a length where a varint belongs")]
    [InlineData("f8 07 01", "an unknown field")]
    [InlineData("12 05 01", "a length beyond the end")]
    [InlineData("0b", "a group")]
    public void Refuses(string hex, string what)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.False(Form.Holds(bytes), what);
        Assert.False(ByDefinition(bytes), what);
    }

    [Fact]
    public void Refuses_text_that_is_not_utf8()
    {
        var content = new DeviceEventContent { Text = "ab" };
        byte[] bytes = new EntryBody { DeviceEvent = content }.ToByteArray();
        Assert.True(Form.Holds(bytes));

        bytes[^1] = 0xC3;

        Assert.False(Form.Holds(bytes));
    }
}
