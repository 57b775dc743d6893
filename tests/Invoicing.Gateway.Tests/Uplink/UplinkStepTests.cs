using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>The uplink's step function, row by row; no network, no clock, no disk.</summary>
public sealed class UplinkStepTests
{
    private static readonly ChainId Chain = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    private static readonly SignedWatermark Statement = new(new byte[1], default, new byte[1], 0, default);
    private static readonly UplinkState Apart = new(Chain, Head: 100, Checkpoint: 40, VerdictCursor: 3);

    [Fact]
    public void An_open_stream_says_hello_with_what_is_durable()
    {
        UplinkState state = Take(Apart, new UplinkInput.Opened(120, 5), out UplinkEffect[] effects);
        Assert.Empty(effects);
        Assert.Equal((UplinkPhase.Meeting, 120, 5), (state.Phase, state.Head, state.VerdictCursor));

        state = Take(state, new UplinkInput.Challenged(new byte[32]), out effects);
        Assert.Equal(UplinkPhase.Greeting, state.Phase);
        Assert.IsType<UplinkEffect.SendHello>(Assert.Single(effects));
    }

    [Fact]
    public void A_welcome_at_the_checkpoint_resumes_behind_it_with_all_that_fits()
    {
        UplinkState state = Take(Greeting(), new UplinkInput.Welcomed(At(40), 4096, 4 << 20), out UplinkEffect[] effects);

        Assert.Equal(UplinkPhase.Streaming, state.Phase);
        Assert.IsType<UplinkEffect.Acknowledge>(effects[0]);
        Assert.Equal(new UplinkEffect.SendBatch(40, UplinkStep.MaxBatchEntries, UplinkStep.MaxBatchBytes), effects[1]);
        Assert.Null(state.Alarm);
    }

    [Fact]
    public void A_welcome_ahead_of_the_checkpoint_moves_it()
    {
        UplinkState state = Take(Greeting(), new UplinkInput.Welcomed(At(70), 4096, 4 << 20), out UplinkEffect[] effects);

        Assert.Equal(70, state.Checkpoint);
        Assert.Equal(70, Assert.IsType<UplinkEffect.SendBatch>(effects[1]).After);
        Assert.True(state.HasProgressed);
    }

    [Fact]
    public void A_welcome_without_watermark_on_a_new_chain_sends_from_the_first_entry()
    {
        UplinkState state = Take(
            Greeting() with { Checkpoint = 0 }, new UplinkInput.Welcomed(WatermarkCheck.None, 4096, 4 << 20), out UplinkEffect[] effects);

        Assert.Equal(0, Assert.IsType<UplinkEffect.SendBatch>(Assert.Single(effects)).After);
        Assert.Null(state.Alarm);
    }

    [Fact]
    public void Row_authority_behind_resends_from_the_older_watermark_and_raises_an_alarm_until_it_has_caught_up()
    {
        UplinkState state = Take(Greeting(), new UplinkInput.Welcomed(At(30), 4096, 4 << 20), out UplinkEffect[] effects);

        Assert.Equal(30, Assert.IsType<UplinkEffect.SendBatch>(Assert.Single(effects)).After);
        Assert.Contains("expected a watermark of position 40 or later", state.Alarm, StringComparison.Ordinal);
        Assert.Equal(40, state.Checkpoint);

        state = Take(state, new UplinkInput.Written(100, 1000), out _);
        state = Take(state, new UplinkInput.Answered(At(35)), out effects);
        Assert.DoesNotContain(effects, e => e is UplinkEffect.Acknowledge);
        Assert.NotNull(state.Alarm);
        state = Take(state, new UplinkInput.Answered(At(100)), out effects);
        Assert.Contains(effects, e => e is UplinkEffect.Acknowledge);
        Assert.Null(state.Alarm);
        Assert.Equal(100, state.Checkpoint);
    }

    [Fact]
    public void Row_authority_behind_holds_also_when_it_has_nothing_left()
    {
        UplinkState state = Take(Greeting(), new UplinkInput.Welcomed(WatermarkCheck.None, 4096, 4 << 20), out UplinkEffect[] effects);

        Assert.Equal(0, Assert.IsType<UplinkEffect.SendBatch>(Assert.Single(effects)).After);
        Assert.NotNull(state.Alarm);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Row_foreign_history_stops_recording_and_halts_sending(bool isAhead)
    {
        WatermarkCheck foreign = isAhead ? At(101) with { OwnHash = null } : At(70) with { OwnHash = Sha256Hash.Of([9]) };

        foreach (UplinkInput input in new UplinkInput[]
                 {
                     new UplinkInput.Welcomed(foreign, 1, 1), new UplinkInput.Answered(foreign),
                     new UplinkInput.Refused(ChainFaultReason.History, 0, "another history", foreign),
                 })
        {
            UplinkState state = Take(input is UplinkInput.Welcomed ? Greeting() : Streaming(), input, out UplinkEffect[] effects);

            Assert.IsType<UplinkEffect.StopRecording>(effects[0]);
            Assert.IsType<UplinkEffect.End>(effects[1]);
            Assert.Equal(UplinkPhase.Halted, state.Phase);
            Assert.Contains("edge succeed", state.WayOut, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(ChainFaultReason.Malformed))]
    [InlineData(nameof(ChainFaultReason.Chain))]
    [InlineData(nameof(ChainFaultReason.Gap))]
    [InlineData(nameof(ChainFaultReason.Link))]
    [InlineData(nameof(ChainFaultReason.Key))]
    [InlineData(nameof(ChainFaultReason.Opening))]
    [InlineData(nameof(ChainFaultReason.History))]
    [InlineData(nameof(ChainFaultReason.Sealed))]
    [InlineData(null)]
    public void Row_entry_refused_halts_sending_names_the_entry_and_lets_recording_go_on(string? reason)
    {
        UplinkState state = Take(
            Streaming(),
            new UplinkInput.Refused(reason is null ? null : Enum.Parse<ChainFaultReason>(reason), 55, "expected a, found b", At(54)),
            out UplinkEffect[] effects);

        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
        Assert.Equal(UplinkPhase.Halted, state.Phase);
        Assert.Contains("entry 55 was refused", state.HaltReason, StringComparison.Ordinal);
        Assert.Contains("expected a, found b", state.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_signature_refused_signs_again_once_and_sends_again()
    {
        UplinkState state = Take(
            Streaming(), new UplinkInput.Refused(ChainFaultReason.Signature, 55, "bad", At(54)), out UplinkEffect[] effects);
        Assert.Equal(new UplinkEffect.Resign(55), Assert.Single(effects));

        UplinkState signed = Take(state, new UplinkInput.Resigned(ResignOutcome.Signed), out effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
        Assert.Equal(UplinkPhase.Apart, signed.Phase);
        Assert.True(signed.HasProgressed);

        UplinkState halted = Take(state, new UplinkInput.Resigned(ResignOutcome.NotAgain), out effects);
        Assert.Equal(UplinkPhase.Halted, halted.Phase);

        UplinkState waiting = Take(state, new UplinkInput.Resigned(ResignOutcome.NotNow), out effects);
        Assert.Equal(UplinkPhase.Apart, waiting.Phase);
        Assert.Null(waiting.HaltReason);
    }

    [Fact]
    public void Row_no_connection_what_the_authority_cannot_prove_moves_nothing()
    {
        WatermarkCheck[] lies =
        [
            new(Statement, null, "expected a watermark signature of key k, found another", null),
            At(70) with { Verified = new(new ChainId(new byte[16]), 70, default, 0, default, default) },
        ];
        foreach (WatermarkCheck lie in lies)
        {
            UplinkState state = Take(Streaming(), new UplinkInput.Answered(lie), out UplinkEffect[] effects);

            Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
            Assert.Equal(UplinkPhase.Apart, state.Phase);
            Assert.Equal(40, state.Checkpoint);
        }
    }

    [Fact]
    public void Row_rule_broken_a_verdict_is_stored_and_everything_goes_on()
    {
        UplinkState state = Take(Streaming(), Judged(4, 5), out UplinkEffect[] effects);

        Assert.Equal(2, Assert.IsType<UplinkEffect.Store>(Assert.Single(effects)).Verdicts.Count);
        Assert.Equal(5, state.VerdictCursor);
        Assert.Equal(UplinkPhase.Streaming, state.Phase);
    }

    [Fact]
    public void Verdicts_that_are_known_are_skipped_and_a_gap_ends_the_stream()
    {
        Take(Streaming(), Judged(2, 3, 4), out UplinkEffect[] effects);
        Assert.Equal(4, Assert.Single(Assert.IsType<UplinkEffect.Store>(Assert.Single(effects)).Verdicts).Verdict.Number);

        Take(Streaming(), Judged(3), out effects);
        Assert.Empty(effects);

        UplinkState state = Take(Streaming(), Judged(5), out effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
        Assert.Equal(3, state.VerdictCursor);

        Take(Streaming(), new UplinkInput.Judged([], "expected a verdict signature, found another"), out effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
    }

    [Fact]
    public void One_batch_is_written_at_a_time_and_growth_goes_into_the_next()
    {
        UplinkState state = Streaming() with { Sent = 100, Acknowledged = 100 };
        state = Take(state, new UplinkInput.Grown(110), out UplinkEffect[] effects);
        Assert.Equal(100, Assert.IsType<UplinkEffect.SendBatch>(Assert.Single(effects)).After);

        state = Take(state, new UplinkInput.Grown(130), out effects);
        Assert.Empty(effects);

        Take(state, new UplinkInput.Written(110, 5_000), out effects);
        Assert.Equal(110, Assert.IsType<UplinkEffect.SendBatch>(Assert.Single(effects)).After);
    }

    [Fact]
    public void The_window_is_kept_in_entries_and_in_bytes_and_opens_with_an_answer()
    {
        UplinkState state = Streaming() with { WindowEntries = 10, WindowBytes = 100_000, IsSending = true };
        state = Take(state, new UplinkInput.Written(48, 20_000), out UplinkEffect[] effects);
        Assert.Equal(new UplinkEffect.SendBatch(48, 2, 80_000), Assert.Single(effects));
        state = Take(state, new UplinkInput.Written(50, 10_000), out effects);
        Assert.Empty(effects);
        Assert.Equal(30_000, state.BytesUnderWay);

        UplinkState full = state with { WindowEntries = 1000, WindowBytes = 50_000 };
        Take(full, new UplinkInput.Grown(200), out effects);
        Assert.Empty(effects);

        state = Take(state, new UplinkInput.Answered(At(48)), out effects);
        Assert.Equal(10_000, state.BytesUnderWay);
        Assert.Equal(new UplinkEffect.SendBatch(50, 8, 90_000), effects[1]);
    }

    [Fact]
    public void With_nothing_under_way_one_entry_goes_however_small_the_window()
    {
        UplinkState state = Streaming() with { WindowEntries = 1, WindowBytes = 1 };

        Take(state, new UplinkInput.Grown(101), out UplinkEffect[] effects);

        Assert.Equal(new UplinkEffect.SendBatch(40, 1, 1), Assert.Single(effects));
    }

    [Fact]
    public void An_answer_that_overtakes_the_note_of_its_batch_leaves_nothing_under_way()
    {
        UplinkState state = Streaming() with { IsSending = true };
        state = Take(state, new UplinkInput.Answered(At(100)), out _);
        state = Take(state, new UplinkInput.Written(100, 5_000), out UplinkEffect[] effects);

        Assert.Empty(effects);
        Assert.Equal(0, state.BytesUnderWay);
        Assert.True(state.UnderWay.IsEmpty);
    }

    [Fact]
    public void An_answer_before_the_welcome_and_a_second_welcome_end_the_stream()
    {
        Take(Greeting(), new UplinkInput.Answered(At(50)), out UplinkEffect[] effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));

        Take(Streaming(), new UplinkInput.Welcomed(At(50), 1, 1), out effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
    }

    [Fact]
    public void A_challenge_out_of_turn_or_of_another_length_ends_the_stream()
    {
        Take(Streaming(), new UplinkInput.Challenged(new byte[32]), out UplinkEffect[] effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
        Take(Apart with { Phase = UplinkPhase.Meeting }, new UplinkInput.Challenged(new byte[31]), out effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
    }

    [Fact]
    public void A_probe_is_answered_at_once()
    {
        Take(Streaming(), new UplinkInput.Probed(new byte[32]), out UplinkEffect[] effects);
        Assert.IsType<UplinkEffect.SendAlive>(Assert.Single(effects));
    }

    [Fact]
    public void Ranges_are_asked_for_once_and_noted_when_they_come()
    {
        var need = new RangeNeed(Codes: true, Numbers: false, 26);
        UplinkState state = Take(Streaming(), new UplinkInput.RunsLow(need), out UplinkEffect[] effects);
        Assert.Equal(new UplinkEffect.AskRanges(need), Assert.Single(effects));
        state = Take(state, new UplinkInput.RunsLow(need), out effects);
        Assert.Empty(effects);

        var grant = new RangeGrant(Chain, 1, new("A1B2C", 1_000, 1_999), null, 1);
        state = Take(state, new UplinkInput.Granted(grant, new(new byte[1], default), string.Empty), out effects);
        Assert.Equal(grant, Assert.IsType<UplinkEffect.Note>(Assert.Single(effects)).Grant);
        Assert.Equal((1, null), (state.LastGrant, state.RangeTrouble));
        Take(state, new UplinkInput.RunsLow(need), out effects);
        Assert.IsType<UplinkEffect.AskRanges>(Assert.Single(effects));
    }

    [Fact]
    public void An_answer_without_new_ranges_is_told_and_not_asked_again_on_this_stream()
    {
        var need = new RangeNeed(Codes: true, Numbers: false, 26);
        UplinkState state = Take(Streaming() with { LastGrant = 3 }, new UplinkInput.RunsLow(need), out _);
        UplinkState none = Take(state, new UplinkInput.Granted(null, null, "ask your office"), out UplinkEffect[] effects);
        Assert.Equal("ask your office", none.RangeTrouble);
        Assert.Empty(effects);

        var old = new RangeGrant(Chain, 3, new("A1B2C", 1_000, 1_999), null, 1);
        UplinkState again = Take(state, new UplinkInput.Granted(old, new(new byte[1], default), string.Empty), out effects);
        Assert.Equal("expected a grant after 3, found 3", again.RangeTrouble);
        Assert.Empty(effects);
        Take(again, new UplinkInput.RunsLow(need), out effects);
        Assert.Empty(effects);
    }

    [Fact]
    public void Ranges_that_nobody_asked_for_end_the_stream()
    {
        Take(Streaming(), new UplinkInput.Granted(null, null, "why"), out UplinkEffect[] effects);
        Assert.IsType<UplinkEffect.End>(Assert.Single(effects));
    }

    [Fact]
    public void After_a_halt_nothing_moves_any_more()
    {
        UplinkState halted = Streaming() with { Phase = UplinkPhase.Halted, HaltReason = "why" };
        foreach (UplinkInput input in new UplinkInput[]
                 {
                     new UplinkInput.Opened(1, 1), new UplinkInput.Grown(500), new UplinkInput.Answered(At(90)), new UplinkInput.Closed("x"), Judged(4),
                 })
        {
            Assert.Same(halted, Take(halted, input, out UplinkEffect[] effects));
            Assert.Empty(effects);
        }
    }

    [Fact]
    public void Whatever_comes_the_checkpoint_never_falls_and_the_window_is_never_exceeded()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        UplinkState state = Apart;
        for (int i = 0; i < 20_000; i++)
        {
            long checkpoint = state.Checkpoint;
            UplinkInput input = random.Next(8) switch
            {
                0 => new UplinkInput.Opened(state.Head, state.VerdictCursor),
                7 => new UplinkInput.Challenged(new byte[32]),
                1 => new UplinkInput.Grown(state.Head + random.Next(20)),
                2 => new UplinkInput.Welcomed(At(random.NextInt64(state.Head + 1)), random.Next(50), random.Next(200_000)),
                3 => new UplinkInput.Answered(At(Math.Max(1, random.NextInt64(state.Sent + 1)))),
                4 when state.IsSending => new UplinkInput.Written(
                    Math.Min(state.Head, state.Sent + Math.Max(1, state.WindowEntries - (state.Sent - state.Acknowledged))), random.Next(50_000)),
                5 => new UplinkInput.Closed("cut"),
                _ => Judged(state.VerdictCursor + 1),
            };
            state = Take(state, input, out UplinkEffect[] effects);

            Assert.True(state.Checkpoint >= checkpoint, $"seed {seed}, step {i}");
            Assert.True(state.Phase != UplinkPhase.Halted, $"seed {seed}, step {i}: {state.HaltReason}");
            Assert.True(state.BytesUnderWay >= 0 && state.BytesUnderWay == state.UnderWay.Sum(run => run.Bytes), $"seed {seed}, step {i}");
            foreach (UplinkEffect.SendBatch batch in effects.OfType<UplinkEffect.SendBatch>())
            {
                Assert.Equal(state.Sent, batch.After);
                Assert.True(
                    batch.MostEntries <= Math.Max(1, state.WindowEntries - (state.Sent - state.Acknowledged)), $"seed {seed}, step {i}");
            }
        }
    }

    private static UplinkState Greeting() => Apart with { Phase = UplinkPhase.Greeting };

    private static UplinkState Streaming() => Apart with
    {
        Phase = UplinkPhase.Streaming,
        Acknowledged = 40,
        Sent = 40,
        WindowEntries = 4096,
        WindowBytes = 4 << 20,
    };

    private static WatermarkCheck At(long position)
    {
        var hash = Sha256Hash.Of(BitConverter.GetBytes(position));
        return position == 0 ? WatermarkCheck.None : new(Statement, new(Chain, position, hash, 0, default, default), null, hash);
    }

    private static UplinkInput.Judged Judged(params long[] numbers) => new(
        [.. numbers.Select(n => (new Verdict(Chain, n, 10, default, VerdictOutcomeKind.Rejected, "R", "why", null, 0), new SignedVerdict(new byte[1], default)))],
        Fault: null);

    private static UplinkState Take(UplinkState state, UplinkInput input, out UplinkEffect[] effects)
    {
        UplinkState next = UplinkStep.Take(state, input, out ImmutableArray<UplinkEffect> wanted);
        effects = [.. wanted];
        return next;
    }
}
