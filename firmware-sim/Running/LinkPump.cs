using System.Security.Cryptography;
using System.Threading.Channels;
using FirmwareSim.Bytes;
using FirmwareSim.Journal;
using FirmwareSim.Lines;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Running;

/// <summary>Runs the session over a line: reads bytes, steps, carries effects out in their order, keeps the clock.</summary>
/// <remarks>
/// One task reads the line, one steps, one write at a time is under way. A step's results are on the disk before the next step sees them.
/// Nothing runs while nothing happens: the pump sleeps until bytes, a signal or the session's next due time.
/// </remarks>
internal sealed partial class LinkPump(SimulatedRegisterOptions options, RegisterJournal journal, RegisterClock clock, ILine line)
{
    /// <summary>Chunks read ahead of the session: 32 of at most 4 KiB are 128 KiB, then the line has to wait.</summary>
    private const int ReadAhead = 32;

    private const int ChunkSize = 4096;

    private readonly TimeProvider _time = options.Time;
    private readonly long _started = options.Time.GetTimestamp();
    private readonly BadCable _cable = new(options.Disturbance);
    private readonly FrameReader _frames = new(new DropCounters());
    private readonly Outbox _outbox = new();
    private SessionState _state = new() { StopReason = journal.StopReason };
    private volatile ChannelWriter<byte[]>? _wake;

    /// <summary>When the last session ended, in milliseconds; -1 in a session.</summary>
    private long _outSince;

    /// <summary>What was thrown away, and why.</summary>
    public DropCounters Drops => _frames.Counters;

    /// <summary>Present state of the session.</summary>
    public Phase Phase => Volatile.Read(ref _state).Phase;

    /// <summary>For how long there has been no session; null in one.</summary>
    public TimeSpan? Out => Interlocked.Read(ref _outSince) is >= 0 and long since ? TimeSpan.FromMilliseconds(Now() - since) : null;

    /// <summary>Results are on the disk. Called on the pump's task.</summary>
    public Action<IReadOnlyList<AckResult>>? Stored { get; set; }

    /// <summary>Something that an operator should read. Called on the pump's task.</summary>
    public Action<string>? Noted { get; set; }

    /// <summary>A record was rung up.</summary>
    public void Signal() => _wake?.TryWrite([]);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await using Stream connection = _cable.Wrap(Paced(await line.OpenAsync(cancellationToken)));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var chunks = Channel.CreateBounded<byte[]>(ReadAhead);
            _wake = chunks.Writer;
            Task reading = ReadAsync(connection, chunks.Writer, stop.Token);
            try
            {
                await ServeAsync(connection, chunks.Reader, stop);
            }
            catch (IOException)
            {
                // The other side is gone while we wrote: the same as the end of what it sends.
            }
            finally
            {
                _wake = null;
                await stop.CancelAsync();
                await reading;
            }

            Disconnected();
        }
    }

    private Stream Paced(Stream line) => options.Speed is int speed ? new PacedStream(line, speed, options.Time) : line;

    /// <summary>The other side is there. With the three calls below a register is driven without tasks, over a stream whose writes do not wait.</summary>
    internal Task ConnectedAsync(Stream connection, CancellationToken cancellationToken)
    {
        Connected();
        return WriteOutAsync(connection, cancellationToken);
    }

    /// <summary>Bytes came.</summary>
    internal Task ReceivedAsync(Stream connection, byte[] chunk, CancellationToken cancellationToken)
    {
        Received(chunk);
        return WriteOutAsync(connection, cancellationToken);
    }

    /// <summary>Does what is due; call it after bytes came and a record was rung up, too.</summary>
    /// <returns>Until something is due by itself; null: never.</returns>
    internal async Task<TimeSpan?> WakeAsync(Stream connection, CancellationToken cancellationToken)
    {
        Step(new SessionInput.Wake());
        await WriteOutAsync(connection, cancellationToken);
        return UntilDue();
    }

    /// <summary>The other side is gone.</summary>
    internal void Disconnected()
    {
        _outbox.Clear();
        Step(new SessionInput.LineDown());
    }

    private static async Task ReadAsync(Stream connection, ChannelWriter<byte[]> chunks, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkSize];
        Exception? fault = null;
        try
        {
            while (await connection.ReadAsync(buffer, cancellationToken) is int read and > 0)
            {
                await chunks.WriteAsync(buffer[..read], cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the line, each in its way.
        }
#pragma warning disable CA1031 // What is not expected ends the register: the pump rethrows it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
        }

        chunks.TryComplete(fault);
    }

    /// <summary>
    /// Steps while bytes leave, as firmware does whose wire is written by interrupt: on a wire that is full an answer must not wait
    /// until everything has left, or its record would be sent again and fill the wire yet more.
    /// </summary>
    private async Task ServeAsync(Stream connection, ChannelReader<byte[]> chunks, CancellationTokenSource stop)
    {
        await using ITimer timer = _time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Task? writing = null;
        try
        {
            Connected();
            SessionEffect? leaving = null;
            Task<bool>? coming = null;
            while (true)
            {
                Step(new SessionInput.Wake());
                timer.Change(UntilDue() ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                if (writing is null && (leaving = _outbox.Take(_state)) is not null)
                {
                    writing = WriteAsync(connection, Wires(leaving), stop.Token);
                }

                coming ??= chunks.WaitToReadAsync(stop.Token).AsTask();
                await (writing is null ? coming : _outbox.IsFull ? writing : Task.WhenAny(writing, coming));
                if (writing?.IsCompleted == true)
                {
                    await writing;
                    writing = null;
                    Left(leaving!);
                }

                if (coming.IsCompleted && !_outbox.IsFull)
                {
                    if (!await coming)
                    {
                        return;
                    }

                    coming = null;
                    while (!_outbox.IsFull && chunks.TryRead(out byte[]? chunk))
                    {
                        Received(chunk);
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await (writing ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the line is over, and its fault with it
        }
    }

    private void Connected()
    {
        _frames.Reset();
        _outbox.Clear();
        Step(new SessionInput.LineUp());
    }

    private void Received(byte[] chunk)
    {
        int used = 0;
        while (NextFrame(chunk, ref used) is Frame frame)
        {
            if (frame.Type != FrameType.Ack || !_cable.LosesAck())
            {
                Step(new SessionInput.Received(frame));
            }
        }
    }

    private TimeSpan? UntilDue() => RegisterSession.NextDue(_state) is long due ? TimeSpan.FromMilliseconds(Math.Max(1, due - Now())) : null;

    private Frame? NextFrame(byte[] chunk, ref int used)
    {
        ReadOnlySpan<byte> rest = chunk.AsSpan(used);
        bool found = _frames.TryRead(ref rest, out Frame frame);
        used = chunk.Length - rest.Length;
        return found ? frame : null;
    }

    private void Step(SessionInput input)
    {
        SessionContext context = new(
            Now(),
            clock.Now,
            RandomNumberGenerator.GetBytes(Limits.NonceLength),
            options.Serial,
            options.MaxBody,
            journal)
        {
            PairingKey = options.PairingKey,
            TakesLeases = options.LeasesAfter is not null,
            TakesTime = true,
        };
        (SessionState state, IReadOnlyList<SessionEffect> effects) = RegisterSession.Step(_state, input, context);
        Volatile.Write(ref _state, state);
        if (state.InSession != (Interlocked.Read(ref _outSince) < 0))
        {
            Interlocked.Exchange(ref _outSince, state.InSession ? -1 : Now());
        }

        foreach (SessionEffect effect in effects)
        {
            Do(effect);
        }
    }

    private void Do(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Send send:
                _outbox.Put(send);
                break;
            case SessionEffect.SendRecord record:
                _outbox.Put(record);
                break;
            case SessionEffect.Store store:
                journal.Store(store.Results);
                Stored?.Invoke(store.Results);
                break;
            case SessionEffect.TakeLease take:
                ulong newest = journal.TakeLease(take.Lease);
                Step(new SessionInput.LeaseStored(take.Request, take.Lease.Id, newest));
                break;
            case SessionEffect.SetClock set:
                SetClock(set);
                break;
            case SessionEffect.Stop stop:
                journal.Stop(stop.Reason);
                Noted?.Invoke("stopped by the gateway: " + stop.Reason);
                break;
            case SessionEffect.Release:
                journal.Release();
                Noted?.Invoke("the gateway lets this register go on");
                break;
            case SessionEffect.SetMaxBody size:
                _frames.MaxBody = size.MaxBody;
                break;
            case SessionEffect.Drop drop:
                Drops.Add(drop.Reason);
                break;
            case SessionEffect.Note note:
                Noted?.Invoke(note.Text);
                break;
        }
    }

    private void SetClock(SessionEffect.SetClock set)
    {
        if (set.IsRecorded)
        {
            Noted?.Invoke($"the gateway set the clock from {set.Before:HH:mm:ss} to {set.Clock:HH:mm:ss}");
            journal.RingUp(RecordKind.ClockChange, set.Clock, (_, previous) => (RecordBytes.ClockChange(set.Clock, set.Before, previous), 0));
        }

        if (journal.Lease is { } lease && set.Before > lease.Until && set.Clock <= lease.Until)
        {
            journal.EndLease(); // what was over stays over
        }

        clock.Set(set.Clock);
    }

    private long Now() => (long)_time.GetElapsedTime(_started).TotalMilliseconds;
}
