using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk.Framing;

public sealed class CobsTests
{
    public static TheoryData<string> Cases => Vectors.Names("cobs");

    public static TheoryData<string> Refused => Vectors.Names("cobsRefused");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Encodes_and_decodes_as_the_vector_says(string name)
    {
        byte[] plain = Vectors.Named("cobs", name).Hex("plain");
        byte[] coded = Vectors.Named("cobs", name).Hex("coded");

        Assert.Equal(coded, Encode(plain));
        Assert.Equal(plain, Decode(coded));
    }

    [Fact]
    public void A_full_block_with_an_empty_one_behind_it_is_accepted()
    {
        byte[] coded = Vectors.Of("cobsAccepted").Single().Hex("coded");

        Assert.Equal(Vectors.Of("cobsAccepted").Single().Hex("plain"), Decode(coded));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_code_byte_past_the_end_is_refused(string name) =>
        Assert.Null(Decode(Vectors.Named("cobsRefused", name).Hex("coded")));

    [Fact]
    public void An_empty_run_and_a_zero_inside_are_refused()
    {
        Assert.Null(Decode([]));
        Assert.Null(Decode([2, 1, 0, 1]));
    }

    [Fact]
    public void Decoding_what_was_encoded_is_identity_and_the_code_has_no_zero()
    {
        const int Seed = 20260701;
        Random random = new(Seed);
        for (int round = 0; round < 3000; round++)
        {
            byte[] plain = new byte[random.Next(0, 1300)];
            random.NextBytes(plain);
            if (round % 3 == 0)
            {
                // Long runs without zeros, where full blocks are.
                plain = [.. plain.Select(b => random.Next(400) == 0 ? (byte)0 : (byte)(b | 1))];
            }

            byte[] coded = Encode(plain);

            Assert.DoesNotContain((byte)0, coded);
            Assert.True(coded.Length <= Cobs.MaxEncodedLength(plain.Length), $"seed {Seed}, round {round}");
            Assert.True(plain.AsSpan().SequenceEqual(Decode(coded)), $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Decoding_noise_in_place_never_throws_and_never_grows()
    {
        const int Seed = 42;
        Random random = new(Seed);
        for (int round = 0; round < 5000; round++)
        {
            byte[] noise = new byte[random.Next(1, 600)];
            random.NextBytes(noise);

            int length = Cobs.Decode(noise, noise);

            Assert.InRange(length, -1, noise.Length);
        }
    }

    private static byte[] Encode(byte[] plain)
    {
        byte[] coded = new byte[Cobs.MaxEncodedLength(plain.Length)];
        return coded[..Cobs.Encode(plain, coded)];
    }

    /// <summary>Decodes in place, as the frame decoder does.</summary>
    private static byte[]? Decode(byte[] coded)
    {
        byte[] run = [.. coded];
        int length = Cobs.Decode(run, run);
        return length < 0 ? null : run[..length];
    }
}
