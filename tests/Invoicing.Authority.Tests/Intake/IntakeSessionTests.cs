using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Intake;
using Invoicing.Authority.Ledger;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Tests.Intake;

/// <summary>The session as a table: what happens, what has to be done.</summary>
public sealed class IntakeSessionTests : IDisposable
{
    private readonly SoftwareSigner _signer = SoftwareSigner.Create();
    private readonly SampleChain _chain;
    private IntakeState _state;
    private List<IntakeEffect> _effects = [];

    public IntakeSessionTests()
    {
        var grant = EnrolmentGrant.Create(
            "shop-1", new(TaxCode.Parse("0107001729"), "Một Ly", "Hà Nội"), InvoiceKind.Vat, Sha256Hash.Of([1]), [new("A1B2C", 0, 999)],
            [new(InvoiceSeries.Parse("C26MAA"), 1, 1_000)], [_signer.PublicKey], 1);
        _chain = new SampleChain(grant).With(invoices: 2);
        _state = new() { Grant = grant, Nonce = new byte[PossessionProof.NonceLength] };
    }

    public void Dispose()
    {
        _chain.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public void A_stream_is_identified_then_fences_then_is_welcomed()
    {
        Step(Frames(Greeting()));
        Assert.Equal([new IntakeEffect.Open(_chain.Id, Fences: false)], _effects);
        Step(new IntakeInput.Opened(new(null, null, null)));
        IntakeEffect.Prove prove = Assert.IsType<IntakeEffect.Prove>(Assert.Single(_effects));
        Assert.Null(prove.Proof.Verify(new KeyRing(), PossessionPurpose.Hello, prove.Statement.Span, _chain.Id, prove.InForce.Span));
        Step(new IntakeInput.Proven(null));
        Assert.Equal(_chain.Id, Assert.IsType<IntakeEffect.Claim>(Assert.Single(_effects)).Chain);
        Step(new IntakeInput.Claimed(null));
        Assert.Equal([new IntakeEffect.Open(_chain.Id, Fences: true)], _effects);
        Step(new IntakeInput.Opened(new(null, null, null)));
        Assert.Equal([new IntakeEffect.Welcome(null, 0)], _effects);
        Assert.Equal(IntakePhase.Open, _state.Phase);
    }

    [Fact]
    public void A_stream_that_does_not_say_hello_in_time_ends_and_one_that_did_goes_on()
    {
        Step(new IntakeInput.GreetingIsOver());
        IntakeEffect.End end = Assert.IsType<IntakeEffect.End>(Assert.Single(_effects));
        Assert.Equal((StatusCode.DeadlineExceeded, "expected a hello within 20 s of the challenge, found none"), (end.Code, end.Text));

        _state = new() { Grant = _state.Grant, Nonce = _state.Nonce };
        Open();
        Step(new IntakeInput.GreetingIsOver());
        Assert.Empty(_effects);
        Assert.Equal(IntakePhase.Open, _state.Phase);
    }

    [Fact]
    public void Frames_that_come_while_a_run_is_verified_are_verified_as_one()
    {
        Open();
        Step(Frames(Run(1)));
        Assert.IsType<IntakeEffect.Verify>(Assert.Single(_effects));
        Step(Frames(Run(1), Run(1)));
        Step(Frames(Run(1)));
        Assert.Empty(_effects);
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Assert.IsType<IntakeEffect.Append>(_effects[0]);
        IntakeEffect.Verify next = Assert.IsType<IntakeEffect.Verify>(_effects[1]);
        Assert.Equal(3, next.Frames.Count);
        Assert.Equal(1, next.From.Position);
    }

    [Fact]
    public void No_more_than_a_few_runs_are_under_way_at_once()
    {
        Open();
        for (int i = 0; i < IntakeLimits.RunsUnderWay; i++)
        {
            Step(Frames(Run(1)));
            Assert.IsType<IntakeEffect.Verify>(Assert.Single(_effects));
            Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
            Assert.IsType<IntakeEffect.Append>(Assert.Single(_effects));
        }

        Step(Frames(Run(1)));
        Assert.Empty(_effects);
        Step(new IntakeInput.Answered(Stored(1), 1, 100));
        Assert.Collection(_effects, e => Assert.IsType<IntakeEffect.Answer>(e), e => Assert.IsType<IntakeEffect.Verify>(e));
    }

    [Fact]
    public void The_window_is_entries_and_bytes_and_is_given_back_by_answers()
    {
        Open();
        for (int i = 0; i < 4; i++)
        {
            Step(Frames(Run(1_024)));
        }

        Step(Frames(Run(1)));
        Assert.Equal(StatusCode.ResourceExhausted, Assert.IsType<IntakeEffect.End>(Assert.Single(_effects)).Code);

        _state = new() { Grant = _state.Grant, Nonce = _state.Nonce };
        Open();
        for (int i = 0; i < 4; i++)
        {
            Step(Frames(Run(1_000)));
        }

        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(new IntakeInput.Answered(Stored(1_000), 1_000, 100));
        Step(Frames(Run(1_000)));
        Assert.DoesNotContain(_effects, e => e is IntakeEffect.End);
    }

    [Fact]
    public void A_fault_is_told_behind_the_answers_to_what_was_before_it()
    {
        Open();
        Step(Frames(Run(3)));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(2), new(ChainFaultReason.Link, 3, "expected this, found that")));
        Assert.IsType<IntakeEffect.Append>(Assert.Single(_effects));
        Step(Frames(Run(5)));
        Assert.Empty(_effects); // nothing behind the fault is looked at
        Step(new IntakeInput.Answered(Stored(2), 2, 100));
        Assert.Collection(
            _effects,
            e => Assert.IsType<IntakeEffect.Answer>(e),
            e => Assert.Equal((ChainFaultReason.Link, 3L, true), Of(Assert.IsType<IntakeEffect.Refuse>(e))),
            e => Assert.Equal(StatusCode.FailedPrecondition, Assert.IsType<IntakeEffect.End>(e).Code));

        static (ChainFaultReason Reason, long Position, bool HasWatermark) Of(IntakeEffect.Refuse refusal) =>
            (refusal.Reason, refusal.Position, refusal.Watermark is not null);
    }

    [Fact]
    public void Verdicts_go_ahead_of_the_answer_that_covers_their_entries()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        AppendOutcome.Stored stored = Stored(1);
        Step(new IntakeInput.Answered(stored with { Verdicts = [new(1, 1, new(default, default))] }, 1, 100));
        Assert.Collection(_effects, e => Assert.IsType<IntakeEffect.Verdicts>(e), e => Assert.IsType<IntakeEffect.Answer>(e));
    }

    [Fact]
    public void Two_runs_in_one_commit_are_answered_once()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(Frames(Run(1)));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(2), null));
        Step(new IntakeInput.Answered(Stored(2), 1, 100));
        Assert.Single(_effects.OfType<IntakeEffect.Answer>());
        Step(new IntakeInput.Answered(Stored(2), 1, 100));
        Assert.Empty(_effects);
    }

    [Fact]
    public void A_caller_who_has_finished_is_answered_before_the_call_ends()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Finished());
        Assert.Empty(_effects);
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(new IntakeInput.Answered(Stored(1), 1, 100));
        Assert.Collection(
            _effects, e => Assert.IsType<IntakeEffect.Answer>(e), e => Assert.Equal(StatusCode.OK, Assert.IsType<IntakeEffect.End>(e).Code));
    }

    [Fact]
    public void A_fenced_stream_ends_at_once_and_what_comes_back_later_concerns_nobody()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Stopped(StatusCode.Aborted, "fenced", IsGraceful: false));
        Assert.Equal(StatusCode.Aborted, Assert.IsType<IntakeEffect.End>(Assert.Single(_effects)).Code);
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(Frames(Run(1)));
        Assert.Empty(_effects);
    }

    [Fact]
    public void A_server_that_stops_answers_what_is_under_way_first()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Stopped(StatusCode.Unavailable, "shutting down", IsGraceful: true));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(new IntakeInput.Answered(Stored(1), 1, 100));
        Assert.Collection(
            _effects, e => Assert.IsType<IntakeEffect.Answer>(e), e => Assert.Equal(StatusCode.Unavailable, Assert.IsType<IntakeEffect.End>(e).Code));
    }

    [Fact]
    public void A_run_that_the_ledger_has_gone_on_without_is_a_fence()
    {
        Open();
        Step(Frames(Run(1)));
        Step(new IntakeInput.Verified(Prepared(), 100, Behind(1), null));
        Step(new IntakeInput.Answered(new AppendOutcome.Stale(), 1, 100));
        Assert.Equal(StatusCode.Aborted, Assert.IsType<IntakeEffect.End>(Assert.Single(_effects)).Code);
    }

    public static TheoryData<string, Action<object>> BadHellos => new()
    {
        { "protocol: expected 1, found 2", h => ((Hello)h).Protocol = 2 },
        { "chain: expected 16 bytes, found 15", h => ((Hello)h).Chain = ByteString.CopyFrom(new byte[15]) },
        { "head_hash: expected 32 bytes, found 0", h => ((Hello)h).HeadHash = ByteString.Empty },
        { "head_hash: expected 0 bytes, found 32", h => ((Hello)h).HeadPosition = 0 },
        { "head_position: expected at most 2^62", h => ((Hello)h).HeadPosition = ulong.MaxValue },
        { "verdict_cursor: expected at most 2^62", h => ((Hello)h).VerdictCursor = ulong.MaxValue },
        { "software: expected at most 100 characters, found 101", h => ((Hello)h).Software = new('x', 101) },
        { "instance: expected 16 bytes, found 3", h => ((Hello)h).Instance = ByteString.CopyFrom(new byte[3]) },
        { "proof: expected a proof by the chain's key over the challenge, found none", h => ((Hello)h).Proof = null },
        { "proof: expected a public key of 1 to 128 bytes, found 129", h => ((Hello)h).Proof.PublicKey = ByteString.CopyFrom(new byte[129]) },
        { "proof: expected a signature of 64 bytes, found 63", h => ((Hello)h).Proof.Signature = ByteString.CopyFrom(new byte[63]) },
        { "proof: expected at most 16 key changes, found 17", h => ((Hello)h).Proof.KeyChanges.AddRange(Enumerable.Repeat(new KeyChangeEntry(), 17)) },
        { "proof: expected key changes of at most 32768 bytes", h => ((Hello)h).Proof.KeyChanges.Add(new KeyChangeEntry()) },
        { "enrolment: expected at most 32768 bytes, found 32769", h => ((Hello)h).Enrolment = ByteString.CopyFrom(new byte[32_769]) },
    };

    [Theory]
    [MemberData(nameof(BadHellos))]
    public void A_hello_outside_its_limits_ends_the_call_and_says_which(string text, Action<object> change)
    {
        Hello hello = IntakeClient.HelloOf(_chain);
        change(hello);
        Step(Frames(new IntakeFrame.Greeting(hello)));

        IntakeEffect.End end = Assert.IsType<IntakeEffect.End>(Assert.Single(_effects));
        Assert.Equal(StatusCode.InvalidArgument, end.Code);
        Assert.StartsWith(text, end.Text, StringComparison.Ordinal);
    }

    private static IntakeInput.Frames Frames(params IntakeFrame[] frames) => new(frames);

    private static IntakeFrame.Run Run(int entries) => new(new SubmittedItem[entries], 100);

    private IntakeFrame.Greeting Greeting() => new(IntakeClient.HelloOf(_chain));

    private void Open()
    {
        Step(Frames(Greeting()));
        Step(new IntakeInput.Opened(new(null, null, null)));
        Step(new IntakeInput.Proven(null));
        Step(new IntakeInput.Claimed(null));
        Step(new IntakeInput.Opened(new(null, null, null)));
    }

    private PreparedRun Prepared() => new(_chain.Grant, Behind(0), Behind(1), []);

    private ChainState Behind(long position) => new(_chain.Id, position, _chain.Grant.Hash, default);

    private AppendOutcome.Stored Stored(long position) => new(
        WatermarkSigner.Sign([new(_chain.Id, position, _chain.Grant.Hash, 0)], 1, 1, _signer)[0], position, []);

    private void Step(IntakeInput input)
    {
        _effects = [];
        _state = IntakeSession.Step(_state, input, _effects);
    }
}
