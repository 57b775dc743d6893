using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk.Session;

public sealed class FragmentTests
{
    private static readonly byte[] Record = Vectors.Record(1);

    [Fact]
    public void Any_cuts_make_the_same_record()
    {
        const int Seed = 99;
        Random random = new(Seed);
        for (int round = 0; round < 200; round++)
        {
            var bench = SessionBench.Open();
            int count = random.Next(2, 20);
            int[] cuts = [0, .. Enumerable.Range(0, count - 1).Select(_ => random.Next(1, Record.Length)).Distinct().Order(), Record.Length];
            for (int i = 0; i + 1 < cuts.Length; i++)
            {
                bool more = i + 2 < cuts.Length;
                bench.Come(SessionBench.Part(6, i, more, Record[cuts[i]..cuts[i + 1]], i == 0 && more ? Record.Length : null));
            }

            Assert.True(bench.Recording.Count == 1, $"seed {Seed}, round {round}");
            Assert.Equal(Record, bench.Recording[0].Content.Bytes[16..].ToArray());
        }
    }

    [Fact]
    public void A_lost_fragment_drops_the_record_and_sending_it_again_from_the_start_works()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Part(6, 0, true, Record[..300], Record.Length));
        bench.Come(SessionBench.Part(6, 2, false, Record[600..]));
        Assert.Equal([TlkCounter.Fragment], bench.DrainCounters());
        bench.Come(SessionBench.Part(6, 1, true, Record[300..600]));
        Assert.Equal([TlkCounter.Fragment, TlkCounter.Fragment], bench.DrainCounters());
        Assert.Empty(bench.Drain());
        Assert.Empty(bench.Recording);

        bench.Come(SessionBench.Part(6, 0, true, Record[..300], Record.Length));
        bench.Come(SessionBench.Part(6, 1, true, Record[300..600]));
        bench.Come(SessionBench.Part(6, 2, false, Record[600..]));
        Assert.Single(bench.Recording);
    }

    [Fact]
    public void A_first_fragment_begins_anew_at_any_time()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Part(6, 0, true, Record[..300], Record.Length));
        bench.Come(SessionBench.Part(6, 0, true, Record[..500], Record.Length));
        bench.Come(SessionBench.Part(6, 1, false, Record[500..]));

        Assert.Equal(Record, Assert.Single(bench.Recording).Content.Bytes[16..].ToArray());
    }

    [Fact]
    public void Fragments_of_two_records_are_not_mixed()
    {
        var bench = SessionBench.Open(durable: 6);
        bench.Come(SessionBench.Part(7, 0, true, Record[..300], Record.Length));
        bench.Come(SessionBench.Part(6, 1, false, Record[300..]));

        Assert.Equal([TlkCounter.Fragment], bench.DrainCounters());
        Assert.Empty(bench.Recording);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_record_that_is_not_as_long_as_announced_is_refused(int off, bool more)
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Part(6, 0, true, Record[..300], Record.Length + off));
        bench.Come(SessionBench.Part(6, 1, more, Record[300..]));

        Assert.Equal(["NAK 3 seq 6"], bench.Drain());
        Assert.Empty(bench.Recording);
    }

    [Fact]
    public void The_largest_record_passes_in_smallest_bodies_and_a_129th_fragment_does_not()
    {
        byte[] largest = new byte[24_576];
        var bench = SessionBench.Open();
        const int Part = 192;
        for (int i = 0; i < largest.Length / Part; i++)
        {
            bench.Come(SessionBench.Part(6, i, (i + 1) * Part < largest.Length, largest[(i * Part)..((i + 1) * Part)], i == 0 ? largest.Length : null));
        }

        Assert.Equal(largest, Assert.Single(bench.Recording).Content.Bytes[16..].ToArray());
        bench.Drain();

        bench.Come(SessionBench.Part(7, 128, false, [1]));
        Assert.Equal(["NAK 3 seq 7"], bench.Drain());
    }
}
