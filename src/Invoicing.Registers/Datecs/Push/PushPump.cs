using System.Threading.Channels;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>
/// Reads what a register pushes, on a task of its own so that a question for goods is answered also while recording waits, and keeps receipts
/// in order until they are taken.
/// </summary>
internal sealed class PushPump(ILineConnection connection, string line, DatecsReading reading, PushPast past, TimeProvider time, DriverCounters counters) : IAsyncDisposable
{
    /// <summary>Receipts that may wait: what a busy till rings up in an hour. Beyond it the line is not read, and the register waits or drops.</summary>
    private const int MaxWaiting = 256;

    private const int MaxLog = 99;
    private const byte AnswerError = 0;

    /// <summary>Longest that the register may take for the answer to the opening.</summary>
    private static readonly TimeSpan MaxOpening = TimeSpan.FromSeconds(5);

    /// <summary>Longest that a write may take: half of what the register waits for an answer.</summary>
    private static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(5);

    /// <summary>Longest that saying goodbye may take: nothing depends on it.</summary>
    private static readonly TimeSpan MaxGoodbye = TimeSpan.FromSeconds(1);

    private readonly char _separator = reading.Options.Variant == DatecsVariant.PushWp500 ? '\t' : ';';
    private readonly Channel<PushReceipt> _receipts = Channel.CreateBounded<PushReceipt>(new BoundedChannelOptions(MaxWaiting) { SingleWriter = true });
    private readonly TaskCompletionSource<string> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _log;

    /// <summary>Receipts that wait, in order; ends with what ended the line.</summary>
    public ChannelReader<PushReceipt> Receipts => _receipts.Reader;

    /// <summary>Opens the link and begins to listen.</summary>
    /// <returns>Model and firmware, as the register says them.</returns>
    /// <exception cref="RegisterTroubleException">It does not answer, or not so.</exception>
    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(new(PushPacket.EcrServer, PushOperation.Open, NextLog(), AnswerError, ReadOnlyMemory<byte>.Empty), MaxWrite, cancellationToken)
            .ConfigureAwait(false);
        _running = ListenAsync(_stop.Token);
        try
        {
            return await _opened.Task.WaitAsync(MaxOpening, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new RegisterTroubleException(
                $"{line}: expected an answer to the opening within {MaxOpening.TotalSeconds:0} s, found none; look whether this is the register's ECR-server port", late);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opened.Task.IsCompletedSuccessfully && !connection.Gone.IsCancellationRequested)
        {
            try
            {
                await WriteAsync(
                    new(PushPacket.EcrServer, PushOperation.Close, NextLog(), AnswerError, ReadOnlyMemory<byte>.Empty), MaxGoodbye, CancellationToken.None)
                    .ConfigureAwait(false);
            }
            catch (InvoicingException)
            {
                counters.Add("closings that were not said"); // the socket is closed in any case
            }
        }

        _stop.Dispose();
    }

    /// <summary>Reads until the line ends. What ends it is told to whoever takes receipts, behind the last of them.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // The top of a task: every end of it, a programming error too, goes to whoever takes receipts.
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception end)
        {
            _opened.TrySetException(end);
            _ = _opened.Task.Exception;
            _receipts.Writer.TryComplete(end);
        }
#pragma warning restore CA1031
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        PushAssembler assembler = new(_separator, reading.Encoding, reading.Options.MinorDigits);
        PushDecoder decoder = new();
        PushState state = new() { Recorded = past.Counters };
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new LineGoneException(line, "it was closed at the other end");
            }

            ReadOnlyMemory<byte> input = buffer.AsMemory(0, count);
            while (Next(decoder, ref input) is { } packet)
            {
                if (packet is { Set: PushPacket.EcrServer, Operation: PushOperation.Open })
                {
                    Opened(packet);
                    continue;
                }

                (state, System.Collections.Immutable.ImmutableArray<PushEffect> effects) = assembler.Step(state, packet);
                foreach (PushEffect effect in effects)
                {
                    await DoAsync(effect, cancellationToken).ConfigureAwait(false);
                }
            }

            if (decoder.Fault is { } fault)
            {
                throw new RegisterTroubleException($"{line}: {fault}; this is not the register's ECR-server port, or another protocol");
            }
        }
    }

    private static PushPacket? Next(PushDecoder decoder, ref ReadOnlyMemory<byte> input)
    {
        ReadOnlySpan<byte> span = input.Span;
        decoder.TryRead(ref span, out PushPacket? packet);
        input = input[^span.Length..];
        return packet;
    }

    private void Opened(PushPacket packet)
    {
        if (packet.Error == 0)
        {
            string text = reading.Encoding.GetString(packet.Content.Span);
            _opened.TrySetResult(string.Concat(text.Select(c => c == _separator || char.IsControl(c) ? ' ' : c)).Trim());
            return;
        }

        throw new RegisterTroubleException(packet.Error == PushPacket.Busy
            ? $"{line}: expected the register to open, found it busy; it serves three applications at most: close one"
            : $"{line}: expected the register to open, found error {packet.Error}; look at its settings of the ECR server");
    }

    private async Task DoAsync(PushEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case PushEffect.Ended ended:
                await _receipts.Writer.WriteAsync(ended.Receipt, cancellationToken).ConfigureAwait(false);
                break;
            case PushEffect.Asked asked:
                DatecsGoods? goods = reading.Options.Goods?.Invoke(asked.Code);
                counters.Add(goods is null ? "goods refused" : "goods answered");
                await WriteAsync(GoodsAnswer.Of(asked.Code, asked.Log, goods, _separator), MaxWrite, cancellationToken).ConfigureAwait(false);
                break;
            case PushEffect.Counted counted:
                counters.Add(counted.What);
                break;
            case PushEffect.Wrong wrong:
                throw new RegisterTroubleException($"{line}: {wrong.Sentence}; another register or another model answers here");
            default:
                throw new InvalidOperationException($"expected an effect, found {effect}");
        }
    }

    private byte NextLog() => (byte)(_log = (_log % MaxLog) + 1);

    private async Task WriteAsync(PushPacket packet, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await connection.WriteAsync(packet.ToBytes(), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RegisterTroubleException($"{line}: expected the register to take a packet within {limit.TotalSeconds:0} s, found that it does not; look at the network");
        }
    }
}
