using System.Globalization;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Whose journal it is and which life of its numbering: counts that begin again, old memories, journals written over, twins.</summary>
public sealed class DatecsLifeTests : PullBench
{
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_count_that_jumps_and_begins_again_loses_nothing_and_goes_on_in_a_new_life(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 3, "recorded");
        await StopAsync();

        // While nobody listens: two more, a jump to the last number, and again from 1.
        Ring(register, 4, 5);
        Ring(register, 9_999_999, 9_999_999);
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 8, "recorded");
        await StopAsync();
        Ring(register, 3, 3);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 9, "recorded after a restart in the second life");

        Assert.Equal([1ul, 2, 3, 4, 5, 9_999_999, 1, 2, 3], Recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(2, Recorder.Records.Select(r => r.Key.Epoch).Distinct().Count());
        Assert.Equal(register.Documents.Select(d => new DateTimeOffset(d.At, TimeSpan.FromHours(7))), Recorder.Records.Select(r => r.Sale!.ClosedAt!.Value));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_journal_that_is_empty_again_is_a_new_life(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 3, "recorded");
        await StopAsync();
        register.Documents.Clear();
        Run(register);
        await UntilAsync(() => Driver.Status is { Phase: DriverPhase.Open, Durable: 0 }, "open in the new life");
        Ring(register, 1, 1, Morning.AddDays(1));
        await UntilAsync(() => Recorder.Records.Count == 4, "recorded");
        Assert.NotEqual(Recorder.Records[0].Key.Epoch, Recorder.Records[3].Key.Epoch);
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task An_old_memory_that_was_put_back_stops_the_line_and_nothing_is_recorded_twice(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 5, "recorded");
        register.Documents.RemoveRange(2, 3);
        await UntilAsync(() => Driver.Status.Phase == DriverPhase.Stopped, "stopped");
        Assert.Contains("behind", Recorder.Stopped, StringComparison.Ordinal);
        Assert.Equal(5, Recorder.Records.Count);
        Assert.Contains("set 'life' to 2", Driver.Status.Trouble, StringComparison.Ordinal);
        await StopAsync();

        // It goes on selling from the old memory: a person says that this is a new life, and what is recorded is passed over.
        Ring(register, 3, 4, Morning.AddHours(5));
        Recorder.Release();
        Run(register, life: 2);
        await UntilAsync(() => Recorder.Records.Count == 7, "what it sold since");
        Assert.Equal([1ul, 2, 3, 4, 5, 3, 4], Recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal((1ul, 2ul), (Recorder.Gaps[0].First.Sequence, Recorder.Gaps[0].Last));
        Assert.Equal(7, Recorder.Records.Select(r => r.Hash).Distinct().Count());
    }

    /// <summary>The edge is restarted, and the register's journal was written over meanwhile: nothing of it was read, so nothing can come twice.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_journal_that_was_changed_while_nobody_listened_is_a_new_life_without_a_person(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 5, "recorded");
        await StopAsync();
        register.Documents.Clear();
        Ring(register, 1, 3, Morning.AddDays(-400)); // its clock is wrong, too
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 8, "recorded in the new life");
        Assert.Equal([1ul, 2, 3, 4, 5, 1, 2, 3], Recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(6ul, Assert.Single(Recorder.Gaps).Last);
        Assert.Contains("erased or changed", Recorder.Gaps[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>A ring: the oldest documents are written over, among them the one that was read last.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task What_a_ring_wrote_over_is_one_gap_and_the_rest_is_read(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 5, "recorded");
        await StopAsync();
        Ring(register, 6, 40);
        register.Documents.RemoveRange(0, 30);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 15, "recorded");
        Assert.Equal((6ul, 30ul), (Assert.Single(Recorder.Gaps).First.Sequence, Recorder.Gaps[0].Last));
        Assert.Single(Recorder.Records.Select(r => r.Key.Epoch).Distinct());
    }

    /// <summary>
    /// Numbers began again and went beyond what was read, unheard. A legacy register gives its journal in order, so each document comes once. An X
    /// register gives of two documents with one number only the later: what cannot be asked for any more is named, and the rest comes once.
    /// </summary>
    [Theory]
    [InlineData(IslDialect.X, true)]
    [InlineData(IslDialect.X, false)]
    [InlineData(IslDialect.Legacy, true)]
    [InlineData(IslDialect.Legacy, false)]
    internal async Task A_count_that_began_again_and_overtook_is_seen(IslDialect dialect, bool isSameProcess)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 3, "recorded");
        Task reading = isSameProcess ? HoldAsync(register) : StopAsync();
        await reading;
        Ring(register, 4, 6);
        Ring(register, 1, 5);
        if (isSameProcess)
        {
            Release(register);
        }
        else
        {
            Run(register);
        }

        if (dialect == IslDialect.Legacy)
        {
            await UntilAsync(() => Recorder.Records.Count == 11, "recorded");
            Assert.Contains((119, "R#A,3,9999999"), register.Asked); // as "legacy journal by number request over the beginning of a count" has it
            Assert.Equal([1ul, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5], Recorder.Records.Select(r => r.Key.Sequence));
            Assert.Empty(Recorder.Gaps);
        }
        else
        {
            await UntilAsync(() => Recorder.Records.Count == 9, "recorded");
            Assert.Equal([1ul, 2, 3, 6, 1, 2, 3, 4, 5], Recorder.Records.Select(r => r.Key.Sequence));
            Assert.Equal((4ul, 5ul), (Assert.Single(Recorder.Gaps).First.Sequence, Recorder.Gaps[0].Last));
            Assert.Contains(isSameProcess ? "used again before they were read" : "erased or changed, or its count began again", Recorder.Gaps[0].Reason, StringComparison.Ordinal);
        }

        if (dialect == IslDialect.X && isSameProcess)
        {
            string second = register.Documents[2].At.ToString("dd-MM-yy HH:mm:ss", CultureInfo.InvariantCulture);
            Assert.Contains((124, $"{second}\t{second}\t0\t"), register.Asked); // as "x find documents of one second request" has it
        }
    }

    /// <summary>A number that was never used may hide that the count began again before it: then there is a first document that nobody read.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_jump_that_hides_a_beginning_is_seen(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 3, "recorded");
        await StopAsync();
        Ring(register, 1, 1);
        Ring(register, 9, 10);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 6, "recorded");
        Assert.Equal([1ul, 2, 3, 1, 9, 10], Recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(2, Recorder.Records.Select(r => r.Key.Epoch).Distinct().Count());
    }

    /// <summary>
    /// Two registers of one serial and one fiscal memory, put in each other's place: the second's journal is unknown and is read as a new life; when
    /// the first comes back, its documents are known, and a person decides. Nothing is recorded twice.
    /// </summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Twins_in_each_others_place_are_stopped_and_nothing_comes_twice(IslDialect dialect)
    {
        FakeDatecs one = new(dialect);
        FakeDatecs other = new(dialect);
        Ring(one, 1, 6);
        Ring(other, 1, 4, Morning.AddHours(2));
        Run(one);
        await UntilAsync(() => Recorder.Records.Count == 6, "the first");
        await StopAsync();
        Run(other);
        await UntilAsync(() => Recorder.Records.Count == 10, "the second");
        await StopAsync();
        Ring(one, 7, 7);
        Run(one);
        await UntilAsync(() => Driver.Status.Phase == DriverPhase.Stopped, "stopped");
        Assert.Equal(10, Recorder.Records.Select(r => r.Hash).Distinct().Count());
        Assert.Equal(10, Recorder.Records.Count);
    }

    /// <summary>Nothing that the register says comes through.</summary>
    private async Task HoldAsync(FakeDatecs register)
    {
        register.Fault = (_, _) => [];
        await UntilAsync(() => Driver.Status.Trouble?.Contains("silence", StringComparison.Ordinal) == true, "silent");
        CableTime.Advance(TimeSpan.FromMinutes(2));
    }

    private static void Release(FakeDatecs register) => register.Fault = (_, _) => null;
}
