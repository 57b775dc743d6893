using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>The table of what becomes of a record, row by row.</summary>
public sealed class RecordStepTests
{
    private static readonly Sha256Hash One = Sha256Hash.Of([1]);
    private static readonly Sha256Hash Two = Sha256Hash.Of([2]);
    private static readonly LineState Line = new(1, TestShop.Register, 7, 0, null, LastSequence: 10, LostThrough: 0, Stopped: null, IsRetired: false);
    private static readonly StoredRecord Known = new(One, Position: 42, StoredOutcome.Issued, null);

    [Fact]
    public void A_register_that_was_not_welcomed_is_refused() =>
        Assert.Equal(new RecordDecision.Refuse(RecordStep.NotWelcomed), RecordStep.Decide(null, 1, One, null, false));

    [Fact]
    public void The_next_record_is_entered() =>
        Assert.IsType<RecordDecision.Enter>(RecordStep.Decide(Line, 11, One, null, false));

    [Fact]
    public void A_record_after_the_next_is_a_gap_that_names_the_next() =>
        Assert.Equal(new RecordDecision.Gap(11), RecordStep.Decide(Line, 12, One, null, false));

    [Fact]
    public void The_same_record_again_is_a_repeat() =>
        Assert.Equal(new RecordDecision.Repeat(Known), RecordStep.Decide(Line, 5, One, Known, false));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_repeat_is_answered_also_on_a_stopped_or_retired_line(bool isStopped, bool isRetired)
    {
        LineState line = Line with { Stopped = isStopped ? "why" : null, IsRetired = isRetired };

        Assert.Equal(new RecordDecision.Repeat(Known), RecordStep.Decide(line, 5, One, Known, false));
    }

    [Fact]
    public void Another_content_under_a_known_key_is_a_conflict_with_the_first() =>
        Assert.Equal(new RecordDecision.Conflict(One, 42), RecordStep.Decide(Line, 5, Two, Known, false));

    [Fact]
    public void A_conflict_that_was_kept_before_is_not_kept_again() =>
        Assert.Equal(new RecordDecision.KnownConflict(One), RecordStep.Decide(Line, 5, Two, Known, isKnownConflict: true));

    [Fact]
    public void A_new_record_of_a_retired_line_is_refused() =>
        Assert.Equal(
            new RecordDecision.Refuse(RecordStep.Retired), RecordStep.Decide(Line with { IsRetired = true, Stopped = "why" }, 11, One, null, false));

    [Fact]
    public void A_new_record_of_a_stopped_line_is_refused_with_the_reason() =>
        Assert.Equal(new RecordDecision.Refuse("why"), RecordStep.Decide(Line with { Stopped = "why" }, 11, One, null, false));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void What_another_device_recorded_is_not_entered_again(ulong sequence) =>
        Assert.IsType<RecordDecision.Elsewhere>(RecordStep.Decide(Line with { BaseSequence = 5, BaseHash = One }, sequence, One, null, false));

    [Fact]
    public void Another_content_than_the_authority_holds_is_a_conflict_with_an_entry_elsewhere() =>
        Assert.Equal(
            new RecordDecision.Conflict(One, Position: null),
            RecordStep.Decide(Line with { BaseSequence = 5, BaseHash = One }, 5, Two, null, false));

    [Fact]
    public void A_record_that_was_declared_lost_and_is_found_after_all_is_entered() =>
        Assert.IsType<RecordDecision.Enter>(RecordStep.Decide(Line, 9, One, known: null, false));
}
