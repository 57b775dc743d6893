using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;

namespace Invoicing.Registers.Tlk;

/// <summary>The driver and its line: bytes to inputs, frames to bytes.</summary>
public sealed partial class TlkDriver
{
    /// <summary>Keeps the line open, reads it, cuts frames.</summary>
    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ILineConnection connection = await _line.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await PutAsync(new(new TlkInput.LineUp(), new Link(connection, hangUp)), cancellationToken).ConfigureAwait(false);
                try
                {
                    await ReadAsync(connection, hangUp.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    LogHungUp(_line.Name);
                }

                await PutAsync(new(new TlkInput.LineGone(), null), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadAsync(ILineConnection connection, CancellationToken cancellationToken)
    {
        TlkFrameDecoder decoder = new();
        byte[] buffer = new byte[ReadSize];
        List<TlkRun> runs = [];
        while (true)
        {
            int count = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            decoder.MaxBody = _maxBody;
            Cut(decoder, buffer.AsSpan(0, count), runs);
            foreach (TlkRun run in runs)
            {
                await PutAsync(new(new TlkInput.Came(run), null), cancellationToken).ConfigureAwait(false);
            }

            runs.Clear();
        }
    }

    private static void Cut(TlkFrameDecoder decoder, ReadOnlySpan<byte> input, List<TlkRun> runs)
    {
        while (decoder.TryRead(ref input, out TlkRun run))
        {
            runs.Add(run);
        }
    }

    /// <summary>Writes the frames of one step at once. A register that does not read for 20 s is hung up on.</summary>
    private async Task WriteAsync(List<byte[]> frames, CancellationToken cancellationToken)
    {
        if (_link is not { } link)
        {
            return;
        }

        byte[] bytes = frames.Count == 1 ? frames[0] : [.. frames.SelectMany(frame => frame)];
        using CancellationTokenSource limit = new(WriteLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await link.Connection.WriteAsync(bytes, both.Token).ConfigureAwait(false);
        }
        catch (LineGoneException fault)
        {
            // The reading side reports the end of the line; what was not written, the register asks for again.
            LogWriteFailed(fault, _line.Name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReading(_line.Name, WriteLimit);
            await HangUpAsync(link).ConfigureAwait(false);
        }
    }

    private static async Task HangUpAsync(Link link)
    {
        try
        {
            await link.Source.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The line ended by itself, which the session is told behind what is in hand.
        }
    }
}
