using System.Collections.Immutable;
using System.Security.Cryptography;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Signing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Uplink;

/// <summary>Runs one stream: turns messages into inputs, and effects into calls. Decides nothing: that is <see cref="UplinkStep"/>'s part.</summary>
/// <remarks>One task; reading, writing and the journal's growth are awaited together, so a slow authority holds up nothing but this stream.</remarks>
internal sealed class UplinkSession(
    IUplinkJournal journal, JournalReader reader, AuthorityKeys keys, LinkSettings settings, Action<UplinkState> stepped, Action<long> acknowledged)
{
    /// <summary>
    /// Longest wait for a welcome or an answer: a ledger's commit takes milliseconds, and a minute is more than any load explains. The
    /// connection's own pings find a dead peer; this finds one that lives and says nothing.
    /// </summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);

    private readonly byte[] _instance = RandomNumberGenerator.GetBytes(PossessionProof.InstanceLength);
    private readonly Queue<UplinkEffect> _wanted = new();
    private TaskCompletionSource _silent = new();
    private ITimer? _silence;
    private bool _isExpecting;
    private AsyncDuplexStreamingCall<Wire.IntakeRequest, Wire.IntakeResponse>? _call;
    private Task<SentRun>? _writing;
    private Task<bool>? _reading;
    private string? _ending;

    /// <summary>Where the uplink stands.</summary>
    public UplinkState State { get; private set; } =
        new(journal.State.Chain, journal.State.Head.Position, journal.State.Uplink.Checkpoint, journal.State.VerdictCursor);

    /// <summary>Runs a stream until it ends.</summary>
    /// <exception cref="UplinkBrokenException">It ended, as each does.</exception>
    public async Task RunAsync(Wire.IntakeService.IntakeServiceClient client, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ending = null;
        _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _isExpecting = false;
        _writing = null;
        _reading = null;
        _wanted.Clear();
        try
        {
            await using (_silence = settings.Time.CreateTimer(
                static silent => ((TaskCompletionSource)silent!).TrySetResult(), _silent, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
            using (_call = client.Submit(cancellationToken: stop.Token))
            {
                await PumpAsync(stop.Token).ConfigureAwait(false);
            }

            throw new UplinkBrokenException(_ending ?? "the stream ended");
        }
        catch (RpcException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UplinkBrokenException(Explain(fault), fault);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await AbandonAsync(_writing).ConfigureAwait(false);
            await AbandonAsync(_reading).ConfigureAwait(false);
            Step(new UplinkInput.Closed(_ending ?? string.Empty));
            _wanted.Clear();
        }
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        IAsyncStreamReader<Wire.IntakeResponse> responses = _call!.ResponseStream;
        await StepAsync(new UplinkInput.Opened(journal.State.Head.Position, journal.State.VerdictCursor), cancellationToken).ConfigureAwait(false);
        while (_ending is null)
        {
            // Taken before the head is read: a commit in between completes it, so it cannot be slept through.
            Task grown = journal.Growth.Next;
            long head = journal.State.Head.Position;
            if (head > State.Head)
            {
                await StepAsync(new UplinkInput.Grown(head), cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (State is { Phase: UplinkPhase.Streaming, HasAskedRanges: false }
                && RangeNeed.Of(journal.State.Ranges, settings.Time.GetUtcNow()) is { } need)
            {
                await StepAsync(new UplinkInput.RunsLow(need), cancellationToken).ConfigureAwait(false);
                continue;
            }

            _reading ??= responses.MoveNext(cancellationToken);
            await Task.WhenAny(_writing is null ? [_reading, grown, _silent.Task] : [_reading, grown, _silent.Task, _writing])
                .ConfigureAwait(false);
            if (_silent.Task.IsCompleted)
            {
                _ending = $"the authority has not answered for {AnswerTimeout.TotalSeconds} s";
                return;
            }

            if (_writing is { IsCompleted: true } written)
            {
                _writing = null;
                SentRun run = await written.ConfigureAwait(false);
                await StepAsync(new UplinkInput.Written(run.Last, run.Bytes), cancellationToken).ConfigureAwait(false);
            }

            if (_reading is { IsCompleted: true } read)
            {
                _reading = null;
                if (!await read.ConfigureAwait(false))
                {
                    _ending = "the authority ended the stream";
                    return;
                }

                await StepAsync(ToInput(responses.Current), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Step(UplinkInput input)
    {
        State = UplinkStep.Take(State, input, out ImmutableArray<UplinkEffect> effects);
        foreach (UplinkEffect effect in effects)
        {
            _wanted.Enqueue(effect);
        }

        stepped(State);
    }

    /// <summary>Waits for an answer as long as one is due; each that comes starts the wait anew.</summary>
    private void Expect(UplinkInput input)
    {
        bool isDue = State.Phase is UplinkPhase.Meeting or UplinkPhase.Greeting || (State.Phase == UplinkPhase.Streaming && State.Sent > State.Acknowledged);
        if (!isDue)
        {
            _silence!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _isExpecting = false;
        }
        else if (!_isExpecting || input is UplinkInput.Answered)
        {
            _silence!.Change(AnswerTimeout, Timeout.InfiniteTimeSpan);
            _isExpecting = true;
        }
    }

    private async Task StepAsync(UplinkInput input, CancellationToken cancellationToken)
    {
        Step(input);
        Expect(input);
        while (_wanted.TryDequeue(out UplinkEffect? effect))
        {
            await DoAsync(effect, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DoAsync(UplinkEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case UplinkEffect.SendHello hello:
                await SayAsync(() => new() { Hello = Hello(hello.Nonce) }, cancellationToken).ConfigureAwait(false);
                break;
            case UplinkEffect.SendAlive alive:
                await SayAsync(() => new() { Alive = Alive(alive.Nonce) }, cancellationToken).ConfigureAwait(false);
                break;
            case UplinkEffect.AskRanges ask:
                await SayAsync(() => new() { Ranges = Ranges(ask.Need) }, cancellationToken).ConfigureAwait(false);
                break;
            case UplinkEffect.Note note:
                if (await journal.NoteAsync(note.Grant, note.Statement, cancellationToken).ConfigureAwait(false) is { } notNow)
                {
                    _ending = $"granted ranges could not be noted now: {notNow}";
                }

                break;
            case UplinkEffect.SendBatch batch:
                _writing = WriteAsync(batch, cancellationToken);
                break;
            case UplinkEffect.Acknowledge acknowledge:
                journal.Acknowledge(acknowledge.Watermark, acknowledge.Statement, State.Checkpoint);
                acknowledged(State.Checkpoint);
                break;
            case UplinkEffect.Store store:
                if (!await journal.StoreAsync(store.Verdicts, cancellationToken).ConfigureAwait(false))
                {
                    _ending = "the verdicts could not be stored now";
                }

                break;
            case UplinkEffect.Resign resign:
                Step(new UplinkInput.Resigned(await journal.ResignAsync(resign.Position, cancellationToken).ConfigureAwait(false)));
                break;
            case UplinkEffect.StopRecording stop:
                await journal.StopAsync(stop.Reason, cancellationToken).ConfigureAwait(false);
                break;
            case UplinkEffect.End end:
                _ending = end.Reason;
                break;
            default:
                throw new InvalidOperationException($"expected an effect that is known, found {effect}");
        }
    }

    /// <summary>
    /// Writes what is no batch. One message is written at a time, so a batch under way is waited for first; a key that cannot be used now ends
    /// the stream, and the next one tries it again.
    /// </summary>
    private async Task SayAsync(Func<Wire.IntakeRequest> message, CancellationToken cancellationToken)
    {
        if (_writing is { } batch)
        {
            await batch.ConfigureAwait(false); // noted as written by the pump
        }

        try
        {
            await _call!.RequestStream.WriteAsync(message(), cancellationToken).ConfigureAwait(false);
        }
        catch (SignerUnavailableException fault)
        {
            _ending = $"the authority wants a proof by the chain's key, which cannot be used now: {fault.Message}";
        }
    }

    private Wire.Alive Alive(ReadOnlyMemory<byte> nonce) =>
        new() { Proof = Prove(PossessionPurpose.Alive, PossessionProof.AliveStatement(nonce.Span, journal.State.Chain)) };

    /// <summary>By the key in force here. The newest key changes go along: the authority may not have them yet, or not any more.</summary>
    private Wire.KeyPossession Prove(PossessionPurpose purpose, byte[] statement) =>
        WireForms.Of(PossessionProof.Make(journal.Signer, purpose, statement, JournalKeyChanges.Newest(settings.JournalPath)));

    private Wire.RangeRequest Ranges(RangeNeed need) => new()
    {
        Granted = (uint)journal.State.Grants,
        Codes = need.Codes,
        Numbers = need.Numbers,
        Year = (uint)need.Year,
    };

    private Wire.Hello Hello(ReadOnlyMemory<byte> nonce)
    {
        JournalState state = journal.State;
        return new()
        {
            Instance = Bytes(_instance),
            Proof = Prove(
                PossessionPurpose.Hello, PossessionProof.HelloStatement(nonce.Span, state.Chain, state.Head.Position, state.Head.Hash, _instance)),
            Protocol = 1,
            Chain = Bytes(state.Chain.ToArray()),
            HeadPosition = (ulong)state.Head.Position,
            HeadHash = Bytes(state.Head.Hash.ToArray()),
            VerdictCursor = (ulong)State.VerdictCursor,
            Software = settings.Software,
            Enrolment = Bytes(state.Enrolment.Bytes),
        };
    }

    private async Task<SentRun> WriteAsync(UplinkEffect.SendBatch wanted, CancellationToken cancellationToken)
    {
        var batch = new Wire.Batch();
        long last = wanted.After;
        long bytes = 0;
        List<SignedEntry> page = reader.ReadPage(wanted.After, wanted.MostEntries, wanted.MostBytes);
        HashSet<long> attached = page.Count == 0 ? [] : reader.ReadAttached(wanted.After + 1, page[^1].Position);
        foreach (SignedEntry entry in page)
        {
            var stored = new StoredEntry(entry, attached.Contains(entry.Position) ? reader.ReadAttachments(entry.Position) : []);
            if (batch.Entries.Count > 0 && bytes + stored.Size > wanted.MostBytes)
            {
                break;
            }

            batch.Entries.Add(WireForms.Of(entry, stored.Attachments));
            last = entry.Position;
            bytes += stored.Size;
        }

        await _call!.RequestStream.WriteAsync(new() { Batch = batch }, cancellationToken).ConfigureAwait(false);
        return new(last, bytes);
    }

    private UplinkInput ToInput(Wire.IntakeResponse response) => response.ResponseCase switch
    {
        Wire.IntakeResponse.ResponseOneofCase.Challenge => new UplinkInput.Challenged(response.Challenge.Nonce.Memory),
        Wire.IntakeResponse.ResponseOneofCase.Probe => new UplinkInput.Probed(response.Probe.Nonce.Memory),
        Wire.IntakeResponse.ResponseOneofCase.RangeGrant => ToInput(response.RangeGrant),
        Wire.IntakeResponse.ResponseOneofCase.Welcome => Hear(response.Welcome.LedgerTime, new UplinkInput.Welcomed(
            Check(response.Welcome.Watermark), response.Welcome.WindowEntries, response.Welcome.WindowBytes)),
        Wire.IntakeResponse.ResponseOneofCase.Answer => new UplinkInput.Answered(Check(response.Answer.Watermark)),
        Wire.IntakeResponse.ResponseOneofCase.Verdicts => ToInput(response.Verdicts),
        Wire.IntakeResponse.ResponseOneofCase.Refusal => new UplinkInput.Refused(
            Enum.IsDefined((ChainFaultReason)response.Refusal.Reason) ? (ChainFaultReason)response.Refusal.Reason : null,
            (long)Math.Min(response.Refusal.Position, EntryFields.MaxPosition), response.Refusal.Text, Check(response.Refusal.Watermark)),
        _ => new UplinkInput.Judged([], "expected a welcome, an answer, verdicts or a refusal, found none of them"),
    };

    /// <summary>The authority's time counts where this machine's clock is not plausible.</summary>
    private UplinkInput Hear(long ledgerTime, UplinkInput input)
    {
        settings.HearAuthorityTime(ledgerTime);
        return input;
    }

    private UplinkInput.Granted ToInput(Wire.RangeGrant wire)
    {
        if (wire.Body.IsEmpty)
        {
            return new(null, null, wire.Text);
        }

        return WireForms.Read(wire) is not { } statement ? new(null, null, "expected a grant with a signature of 64 bytes, found another")
            : RangeGrant.Verify(statement, keys.ById, out RangeGrant? grant) is { } fault ? new(null, null, fault)
            : new(grant, statement, string.Empty);
    }

    private UplinkInput.Judged ToInput(Wire.Verdicts verdicts)
    {
        var verified = new List<(Verdict, SignedVerdict)>(verdicts.Verdicts_.Count);
        foreach (Wire.SignedVerdict wire in verdicts.Verdicts_)
        {
            if (WireForms.Read(wire) is not { } statement)
            {
                return new([], "expected a verdict with a signature of 64 bytes, found another");
            }

            if (Verdict.Verify(statement, keys.ById, out Verdict? verdict) is { } fault)
            {
                return new([], fault);
            }

            verified.Add((verdict!, statement));
        }

        return new(verified, Fault: null);
    }

    private WatermarkCheck Check(Wire.Watermark? watermark)
    {
        if (watermark is null)
        {
            return WatermarkCheck.None;
        }

        if (WireForms.Read(watermark) is not { } statement)
        {
            return new(null, null, "expected a watermark with a signature of 64 bytes, found another", null);
        }

        string? fault = keys.Watermarks.Verify(statement, out Watermark? verified);
        Sha256Hash? own = verified is null ? null : reader.ReadHash(verified.Position);
        return new(statement, verified, fault, own);
    }

    private static async Task AbandonAsync(Task? task)
    {
        try
        {
            await (task ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is RpcException or OperationCanceledException or InvalidOperationException)
        {
            return; // the stream has ended, and its end is told by whoever saw it
        }
    }

    private static string Explain(RpcException fault) => fault.StatusCode switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => $"the authority does not accept this device: {fault.Status.Detail}",
        StatusCode.AlreadyExists => $"another machine delivers this device's chain: {fault.Status.Detail}",
        StatusCode.Aborted => $"another stream of this chain took over: {fault.Status.Detail}",
        _ => $"the authority cannot be reached: {fault.StatusCode}: {fault.Status.Detail}",
    };

    private static Google.Protobuf.ByteString Bytes(ReadOnlyMemory<byte> bytes) => Google.Protobuf.UnsafeByteOperations.UnsafeWrap(bytes);
}
