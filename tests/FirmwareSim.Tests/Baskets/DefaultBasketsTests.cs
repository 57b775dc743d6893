using System.Security.Cryptography;
using FirmwareSim.Baskets;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Baskets;

public sealed class DefaultBasketsTests
{
    /// <summary>SHA-256 over the records of seeds 1 to 5, sequences 1 to 400, as they were before there were extras.</summary>
    private const string AsEver = "7B1C9416B8F430DBB5236E135604EC1CBD067317A2CA94526668C8A20BED3CFD";

    [Fact]
    public void Without_extras_every_seed_rings_up_what_it_always_did()
    {
        DateTimeOffset closed = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int seed = 1; seed <= 5; seed++)
        {
            for (ulong sequence = 1; sequence <= 400; sequence++)
            {
                hash.AppendData(RecordBytes.Sale(new BasketMaker(seed).Make(sequence), closed, []));
            }
        }

        string found = Convert.ToHexString(hash.GetHashAndReset());
        Assert.True(found == AsEver, $"expected {AsEver}, found {found}");
    }
}
