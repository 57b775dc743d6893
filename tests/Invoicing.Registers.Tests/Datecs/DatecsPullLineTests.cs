#pragma warning disable CA2000 // A cable in memory holds nothing.
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Isl;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Registers with an electronic journal on a bad line: cuts, lost and damaged replies, restarts, another register or nobody.</summary>
public sealed class DatecsPullLineTests : PullBench
{
    /// <summary>The line is cut after every byte of every exchange, one cable after the other; a receipt is rung up before each.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_line_that_is_cut_after_every_byte_gives_every_document_once(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        const int Cuts = 900;
        CableLine line = new(CableTime, register)
        {
            Piece = 7,
            CutAfter = n =>
            {
                if (n % 50 == 1)
                {
                    ulong number = (ulong)register.Documents.Count + 1;
                    register.Documents.Add(FakeDocument.Small(number, Morning.AddMinutes(number)));
                }

                return n <= Cuts ? n : null;
            },
        };
        Run(register, line: line, variant: dialect == IslDialect.X ? DatecsVariant.X : DatecsVariant.Isl);
        await UntilAsync(() => line.Connections > Cuts && Recorder.Records.Count == register.Documents.Count, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 1);
    }

    /// <summary>Lost, late, doubled, damaged and refused replies, busy signs, in any mixture.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Faults_of_the_link_change_nothing_of_what_is_read(IslDialect dialect)
    {
        Random random = new(20260701);
        FakeDatecs register = new(dialect);
        byte[] last = [];
        register.Fault = (_, reply) =>
        {
            byte[] before = last;
            last = reply;
            return random.Next(12) switch
            {
                0 => [],
                1 => [(TimeSpan.FromMilliseconds(700), reply)],
                2 => [(TimeSpan.FromMilliseconds(20), [0x15])],
                3 => [(TimeSpan.FromMilliseconds(60), [0x16]), (TimeSpan.FromMilliseconds(120), [0x16]), (TimeSpan.FromMilliseconds(180), reply)],
                4 => [(TimeSpan.FromMilliseconds(20), Flip(reply, random))],
                5 => [(TimeSpan.FromMilliseconds(20), before), (TimeSpan.FromMilliseconds(30), reply), (TimeSpan.FromMilliseconds(30), reply)],
                6 => [(TimeSpan.FromMilliseconds(20), [0x01, 0x16, 0x15, 0xFF]), (TimeSpan.FromMilliseconds(30), reply)],
                _ => null,
            };
        };
        Ring(register, 1, 25);
        Run(register, line: new CableLine(CableTime, register) { Piece = 5 });
        await UntilAsync(() => Recorder.Records.Count == 25, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 2);
    }

    /// <summary>A register that restarts has forgotten its last SEQ and what was selected: its answer must not pass for the end of a document.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_restart_in_the_middle_of_a_document_never_cuts_it_short(IslDialect dialect)
    {
        for (int at = 7; at <= 26; at++)
        {
            FakeDatecs register = new(dialect);
            int struck = at;
            register.Fault = (n, _) =>
            {
                if (n != struck)
                {
                    return null;
                }

                register.Restart();
                return [];
            };
            register.Documents.Add(FakeDocument.Receipt(1, Morning));
            Recorder.HasHistory = true;
            register.Memory = $"02{at:D6}"; // a life of its own for each case
            int before = Recorder.Records.Count;
            Run(register, variant: dialect == IslDialect.X ? DatecsVariant.X : DatecsVariant.Isl);
            await UntilAsync(() => Recorder.Records.Count == before + 1, $"recorded, struck at {at}");
            Assert.Equal(90000, Recorder.Records[^1].Sale?.Total.Dong);
            Assert.Equal(2, Recorder.Records[^1].Sale?.Lines.Length);
            await StopAsync();
        }
    }

    /// <summary>Two bytes that change together pass the frames' check: a serial that is told only once must not become a register.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Damage_that_passes_the_check_changes_nothing(IslDialect dialect)
    {
        Random random = new(3);
        FakeDatecs register = new(dialect) { Fault = (_, reply) => random.Next(40) == 0 ? [(TimeSpan.FromMilliseconds(20), TwoDigits(reply, random))] : null };
        Ring(register, 1, 30);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 30, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 2);
        Assert.Equal(register.Documents.Select(d => new DateTimeOffset(d.At, TimeSpan.FromHours(7))), Recorder.Records.Select(r => r.Sale!.ClosedAt!.Value));
        Assert.Single(Recorder.Records.Select(r => r.Key.Register).Distinct());
        Assert.Single(Recorder.Records.Select(r => r.Key.Epoch).Distinct());
    }

    [Fact]
    public async Task Another_register_behind_the_same_socket_is_found_and_not_mixed_up()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 1, 1);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 1, "recorded");
        register.Serial = "DT000002";
        await UntilAsync(() => Driver.Status.Trouble?.Contains("changed while the line was open", StringComparison.Ordinal) == true, "told");
        await UntilAsync(() => Driver.Status.Register?.Value == "DT000002", "met anew");
    }

    /// <summary>It has more documents than the one before it: none of them may come under that one's serial.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Documents_of_another_register_behind_the_same_socket_are_its_own(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 2, "recorded");
        register.Serial = "DT000002";
        FakeDocument[] others = [.. Enumerable.Range(1, 4).Select(n => FakeDocument.Small((ulong)n, Morning.AddHours(n)))];
        register.Documents.Clear();
        register.Documents.AddRange(others.Select(other => other with { Rows = [.. other.Rows.Select(row => row.Replace(FakeDocument.Serial, register.Serial, StringComparison.Ordinal))] }));
        await UntilAsync(() => Recorder.Records.Count == 6, "read as what they are");
        Assert.Equal(["DT000001", "DT000001", "DT000002", "DT000002", "DT000002", "DT000002"], Recorder.Records.Select(record => record.Key.Register.Value));
        Assert.Empty(Recorder.Gaps);
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_register_that_bears_the_makers_serial_is_refused(IslDialect dialect)
    {
        FakeDatecs register = new(dialect) { Serial = "00000000" };
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => Driver.Status.Trouble?.Contains("a register without a serial", StringComparison.Ordinal) == true, "told");
        Assert.Empty(Recorder.Records);
    }

    [Fact]
    public async Task Nobody_and_somebody_else_are_told_apart_in_one_sentence()
    {
        FakeDatecs silent = new(IslDialect.X) { Fault = (_, _) => [] };
        Run(silent);
        await UntilAsync(() => Driver.Status.Trouble is not null, "told");
        Assert.DoesNotContain('\n', Driver.Status.Trouble!);
        await StopAsync();
        FakeDatecs echo = new(IslDialect.X) { IsEcho = true };
        Run(echo);
        await UntilAsync(() => Driver.Status.Trouble?.Contains("PC mode", StringComparison.Ordinal) == true, "told");
    }

    private static byte[] Flip(byte[] reply, Random random)
    {
        byte[] damaged = [.. reply];
        damaged[random.Next(1, damaged.Length)] ^= (byte)(1 << random.Next(8));
        return damaged;
    }

    /// <summary>One digit goes up by one and another down: the sum stays.</summary>
    private static byte[] TwoDigits(byte[] reply, Random random)
    {
        byte[] damaged = [.. reply];
        int end = Array.IndexOf(reply, (byte)0x04, 4);
        int[] up = [.. Enumerable.Range(10, Math.Max(0, end - 10)).Where(i => reply[i] is >= (byte)'0' and < (byte)'9')];
        int[] down = [.. Enumerable.Range(10, Math.Max(0, end - 10)).Where(i => reply[i] is > (byte)'0' and <= (byte)'9')];
        if (up.Length > 0 && down.Length > 0)
        {
            damaged[up[random.Next(up.Length)]]++;
            damaged[down[random.Next(down.Length)]]--;
        }

        return damaged;
    }
}
