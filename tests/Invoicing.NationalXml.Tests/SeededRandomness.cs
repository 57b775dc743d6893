using System.Security.Cryptography;

namespace Invoicing.NationalXml.Tests;

/// <summary>Ids that a test can foretell.</summary>
public sealed class SeededRandomness(int seed) : RandomNumberGenerator
{
    private readonly Random _random = new(seed);

    public override void GetBytes(byte[] data) => _random.NextBytes(data);

    public override void GetBytes(Span<byte> data) => _random.NextBytes(data);
}
