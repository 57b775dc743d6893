#pragma warning disable CA2000 // A cable in memory holds nothing.
using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>The link rules: repeated requests, busy signs, refusals, late and foreign replies.</summary>
public sealed class IslLinkTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private readonly ManualTime _time = new();
    private readonly DriverCounters _counters = new();

    [Fact]
    public async Task Ten_thousand_exchanges_over_the_wrap_of_SEQ_are_each_carried_out_once()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X);
        for (int i = 0; i < 10_000; i++)
        {
            IslFrame reply = await AskAsync(link, 62);
            Assert.StartsWith("0\t01-07-26", Encoding.ASCII.GetString(reply.Data.Span), StringComparison.Ordinal);
        }

        Assert.Equal((10_000, 10_000), (register.Executed, register.Frames));
    }

    [Fact]
    public async Task A_lost_reply_is_asked_for_under_the_same_SEQ_and_nothing_is_done_twice()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.Legacy);
        register.Fault = (n, _) => n == 2 ? [] : null;
        await AskAsync(link, 90);
        await AskAsync(link, 113);
        Assert.Equal((2, 3, 1L), (register.Executed, register.Frames, _counters.Snapshot()["requests sent again"]));
    }

    [Fact]
    public async Task A_late_reply_to_an_old_SEQ_never_answers_a_new_request()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X);
        byte[] late = [];
        register.Fault = (n, reply) =>
        {
            // The reply to the first request comes late, twice: with its repetition, and before and behind the reply to the next one.
            late = n == 1 ? reply : late;
            return n switch
            {
                1 => [(TimeSpan.FromMilliseconds(700), reply)],
                3 => [(TimeSpan.Zero, late), (Soon, reply), (Soon, late)],
                _ => null,
            };
        };
        await AskAsync(link, 90);
        IslFrame clock = await AskAsync(link, 62);
        Assert.Contains("15:00:00", Encoding.ASCII.GetString(clock.Data.Span), StringComparison.Ordinal);
        IslFrame identity = await AskAsync(link, 90);
        Assert.Contains(FakeDocument.Serial, Encoding.ASCII.GetString(identity.Data.Span), StringComparison.Ordinal);
        Assert.True(_counters.Snapshot()["late replies"] >= 1);
    }

    [Fact]
    public async Task Busy_signs_extend_the_wait_and_have_an_end()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X);
        register.Fault = (_, reply) => [.. Enumerable.Range(1, 100).Select(i => (TimeSpan.FromMilliseconds(60 * i), new byte[] { 0x16 })), (TimeSpan.FromMilliseconds(6060), reply)];
        await AskAsync(link, 62);
        Assert.Equal(1, register.Frames);

        register.Fault = (_, _) => Enumerable.Range(1, 5000).Select(i => (TimeSpan.FromMilliseconds(60 * i), new byte[] { 0x16 }));
        DateTimeOffset before = _time.GetUtcNow();
        RegisterTroubleException trouble = await Assert.ThrowsAsync<RegisterTroubleException>(() => AskAsync(link, 62));
        Assert.Contains("busy for 60 s", trouble.Message, StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - before, IslLink.MaxBusy, IslLink.MaxBusy + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_storm_of_refusals_ends_after_six_tries()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.Legacy);
        register.Fault = (n, reply) => n < 3 ? [(Soon, [0x15])] : [(Soon, reply)];
        await AskAsync(link, 62);
        Assert.Equal(3, register.Frames);

        register.Fault = (_, _) => [(Soon, Enumerable.Repeat((byte)0x15, 500).ToArray())];
        RegisterTroubleException trouble = await Assert.ThrowsAsync<RegisterTroubleException>(() => AskAsync(link, 62));
        Assert.Contains("refuses the frame", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(3 + IslLink.MaxTries, register.Frames);
    }

    [Fact]
    public async Task An_echo_is_no_answer_and_is_named()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.Legacy);
        register.IsEcho = true;
        RegisterTroubleException trouble = await Assert.ThrowsAsync<RegisterTroubleException>(() => AskAsync(link, 90));
        Assert.Contains("PC mode", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ends_after_six_tries_of_half_a_second()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X);
        register.Fault = (_, _) => [];
        DateTimeOffset before = _time.GetUtcNow();
        RegisterTroubleException trouble = await Assert.ThrowsAsync<RegisterTroubleException>(() => AskAsync(link, 90));
        Assert.Contains("found silence", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(IslLink.MaxTries, register.Frames);
        Assert.InRange(_time.GetUtcNow() - before, 6 * IslLink.Silence, 8 * IslLink.Silence);
    }

    [Fact]
    public async Task A_line_that_never_stops_talking_is_left()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X);
        register.Fault = (_, _) => Enumerable.Range(0, 10_000).Select(i => (TimeSpan.FromMilliseconds(10 * i), new byte[] { (byte)'x' }));
        RegisterTroubleException trouble = await Assert.ThrowsAsync<RegisterTroubleException>(() => AskAsync(link, 90));
        Assert.Contains("no frame", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_in_pieces_with_a_flipped_bit_is_asked_for_again()
    {
        (IslLink link, FakeDatecs register) = Connect(IslDialect.X, piece: 3);
        register.Fault = (n, reply) => n == 1 ? [(Soon, [.. reply.Select((b, i) => i == 15 ? (byte)(b ^ 4) : b)])] : null;
        IslFrame reply = await AskAsync(link, 90);
        Assert.Contains(FakeDocument.Serial, Encoding.ASCII.GetString(reply.Data.Span), StringComparison.Ordinal);
        Assert.Equal((1, 2), (register.Executed, register.Frames));
    }

    [Fact]
    public async Task A_line_that_is_cut_anywhere_says_so()
    {
        for (int cut = 0; cut < 60; cut++)
        {
            RegisterCable cable = new(_time, new(IslDialect.X)) { CutAfter = cut };
            IslLink link = new(cable, "cable", _time, _counters) { Dialect = IslDialect.X };
            await Assert.ThrowsAsync<LineGoneException>(() => AskAsync(link, 90));
            await cable.DisposeAsync();
        }
    }

    private static Task<IslFrame> AskAsync(IslLink link, int command) =>
        link.AskAsync(command, ReadOnlyMemory<byte>.Empty, TestContext.Current.CancellationToken).Soon();

    private (IslLink Link, FakeDatecs Register) Connect(IslDialect dialect, int piece = 4096)
    {
        FakeDatecs register = new(dialect);
        return (new IslLink(new RegisterCable(_time, register) { Piece = piece }, "cable", _time, _counters) { Dialect = dialect }, register);
    }
}
