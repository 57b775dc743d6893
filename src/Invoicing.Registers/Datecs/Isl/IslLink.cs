using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Datecs.Isl;

/// <summary>One request, one reply: the link rules of the family, from the master's side.</summary>
/// <remarks>
/// A request that has no reply is sent again under the same SEQ, which makes the register repeat its last reply and do nothing twice. A reply
/// to another SEQ or command is late and dropped. Every wait has an end. One caller at a time.
/// </remarks>
internal sealed class IslLink(ILineConnection connection, string line, TimeProvider time, DriverCounters counters)
{
    /// <summary>How often a request is sent before the register counts as gone: what drivers in the field use.</summary>
    public const int MaxTries = 6;

    /// <summary>Longest silence before a request is sent again. The register answers, or says that it is busy, within 60 ms.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest that a register may be busy with reading: its slowest, the search of a full journal, takes some seconds.</summary>
    public static readonly TimeSpan MaxBusy = TimeSpan.FromSeconds(60);

    /// <summary>Longest that a line may talk without a reply in it: a frame of 1,050 bytes at 1,200 baud takes 9 s.</summary>
    public static readonly TimeSpan MaxTalk = TimeSpan.FromSeconds(12);

    /// <summary>Longest that the line may take to swallow a request of 230 bytes, at 1,200 baud and with a modem in between.</summary>
    public static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(5);

    private readonly byte[] _buffer = new byte[1024];
    private IslDecoder _decoder = new(IslDialect.Legacy);
    private byte _sequence = IslShape.FirstSequence;

    /// <summary>How frames are written.</summary>
    public IslDialect Dialect
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                _decoder = new(value);
            }
        }
    }

    /// <summary>What the register's last reply said of its state.</summary>
    public IslStatus Status { get; private set; }

    /// <summary>Asks, and demands an answer.</summary>
    /// <exception cref="RegisterTroubleException">None came.</exception>
    /// <exception cref="LineGoneException">The line went.</exception>
    public async Task<IslFrame> AskAsync(int command, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        IslAnswer answer = await TryAskAsync(command, data, MaxTries, cancellationToken).ConfigureAwait(false);
        return answer.Reply ?? throw new RegisterTroubleException(Sentence(command, answer.Failure));
    }

    /// <summary>Asks, at most <paramref name="tries"/> times.</summary>
    /// <exception cref="LineGoneException">The line went.</exception>
    public async Task<IslAnswer> TryAskAsync(int command, ReadOnlyMemory<byte> data, int tries, CancellationToken cancellationToken)
    {
        byte sequence = _sequence;
        _sequence = sequence == IslShape.LastSequence ? IslShape.FirstSequence : (byte)(sequence + 1);
        byte[] frame = IslEncoder.Request(Dialect, sequence, command, data.Span);
        IslAnswer answer = default;
        for (int i = 0; i < tries; i++)
        {
            if (await ClearInputAsync(sequence, command, isFirst: i == 0, cancellationToken).ConfigureAwait(false) is { } late)
            {
                return Answered(late);
            }

            if (i > 0)
            {
                counters.Add("requests sent again");
            }

            await WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            answer = await WaitAsync(sequence, command, cancellationToken).ConfigureAwait(false);
            if (answer.Reply is { } reply)
            {
                return Answered(reply);
            }

            if (answer.Failure == IslFailure.Busy)
            {
                return answer;
            }
        }

        return answer;
    }

    /// <summary>One sentence for a request without a reply.</summary>
    public string Sentence(int command, IslFailure failure) => failure switch
    {
        IslFailure.Refused => $"{line}: expected an answer to command {command}, found that the register refuses the frame each time; look at model and speed",
        IslFailure.Echoed => $"{line}: expected an answer to command {command}, found the request itself; set the register to PC mode, or look for a bridge in the cable",
        IslFailure.Busy => $"{line}: expected an answer to command {command}, found the register busy for {MaxBusy.TotalSeconds:0} s; look at its display",
        IslFailure.Damaged => $"{line}: expected an answer to command {command}, found bytes that are no frame; look at speed, cable and protocol",
        _ => $"{line}: expected an answer to command {command}, found silence; look whether the register is on, in its sales mode, and at the same speed",
    };

    private IslAnswer Answered(IslFrame reply)
    {
        Status = reply.Status;
        return new(reply, IslFailure.None);
    }

    private async Task WriteAsync(byte[] frame, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(MaxWrite, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await connection.WriteAsync(frame, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RegisterTroubleException($"{line}: expected the line to take a request within {MaxWrite.TotalSeconds:0} s, found that it does not; look at flow control and cable");
        }
    }

    /// <summary>
    /// Reads away what came unasked. Before a request is sent for the first time nothing of it can be an answer; before it is sent again the
    /// answer may just have come.
    /// </summary>
    private async Task<IslFrame?> ClearInputAsync(byte sequence, int command, bool isFirst, CancellationToken cancellationToken)
    {
        // Bounded: 64 KiB is what a line holds at most; whoever sends more than that unasked is found by the wait for the answer.
        for (int i = 0; i < 64; i++)
        {
            using CancellationTokenSource now = new();
            ValueTask<int> reading = connection.ReadAsync(_buffer, now.Token);
            if (!reading.IsCompleted)
            {
                await now.CancelAsync().ConfigureAwait(false);
            }

            int count;
            try
            {
                count = await reading.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (Take(RequireBytes(count), sequence, command) is { Reply: { } reply } && !isFirst)
            {
                return reply;
            }
        }

        if (isFirst)
        {
            _decoder.Clear();
        }

        return null;
    }

    private async Task<IslAnswer> WaitAsync(byte sequence, int command, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        IslFailure found = IslFailure.Silent;
        bool isBusy = false;
        while (true)
        {
            int? count = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (count is null && !_decoder.GiveUp())
            {
                return new(null, found);
            }

            Turn turn = Take(count ?? 0, sequence, command);
            if (turn.Reply is not null || turn.Failure == IslFailure.Refused)
            {
                return new(turn.Reply, turn.Failure);
            }

            isBusy |= turn.Failure == IslFailure.Busy;
            found = turn.Failure is IslFailure.Echoed or IslFailure.Damaged ? turn.Failure : found;
            if (time.GetElapsedTime(start) >= (isBusy ? MaxBusy : MaxTalk))
            {
                return new(null, isBusy ? IslFailure.Busy : IslFailure.Damaged);
            }
        }
    }

    /// <summary>Reads what comes before the silence has lasted too long.</summary>
    /// <returns>How much; <see langword="null"/> if nothing came.</returns>
    private async Task<int?> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource silent = new(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        try
        {
            return RequireBytes(await connection.ReadAsync(_buffer, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private int RequireBytes(int count) => count > 0 ? count : throw new LineGoneException(line, "it was closed at the other end");

    private Turn Take(int count, byte sequence, int command)
    {
        ReadOnlySpan<byte> input = _buffer.AsSpan(0, count);
        Turn turn = default;
        while (_decoder.TryRead(ref input, out IslPiece piece))
        {
            switch (piece)
            {
                case IslPiece.Reply { Frame: var frame } when frame.Sequence == sequence && frame.Command == command:
                    return new(frame, IslFailure.None);
                case IslPiece.Reply:
                    counters.Add("late replies");
                    break;
                case IslPiece.Busy:
                    counters.Add("busy signs");
                    turn = turn.Failure == IslFailure.Refused ? turn : new(null, IslFailure.Busy);
                    break;
                case IslPiece.Refused:
                    counters.Add("refusals");
                    turn = new(null, IslFailure.Refused);
                    break;
                case IslPiece.Echo:
                    counters.Add("echoes");
                    turn = turn.Failure == IslFailure.Refused ? turn : new(null, IslFailure.Echoed);
                    break;
                default:
                    counters.Add("damaged frames");
                    turn = turn.Failure == IslFailure.Refused ? turn : new(null, IslFailure.Damaged);
                    break;
            }
        }

        return turn;
    }

    private readonly record struct Turn(IslFrame? Reply, IslFailure Failure);
}
