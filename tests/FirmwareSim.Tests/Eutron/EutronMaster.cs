using FirmwareSim.Eutron;
using FirmwareSim.Tests.Tills;

namespace FirmwareSim.Tests.Eutron;

/// <summary>A host of an ER-2xx on a serial line: asks for the log, acknowledges each record whose check is right, and keeps them in their order.</summary>
internal sealed class EutronMaster(TillBench bench)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private readonly byte[] _one = new byte[1];
    private Stream? _line;
    private Task<int>? _pending;

    /// <summary>FunN and record, as they came; one that comes again is there again.</summary>
    public List<byte[]> Records { get; } = [];

    public int BadChecks { get; private set; }

    /// <summary>One request and all that it brings.</summary>
    /// <returns>Whether the register said that this was all.</returns>
    public async Task<bool> DumpAsync(byte letter, ushort type)
    {
        try
        {
            _line ??= bench.Line.Plug();
            return await AskAsync([letter, (byte)(type & 0xFF), (byte)(type >> 8)]) && await TakeAllAsync();
        }
        catch (IOException)
        {
            _line?.Dispose();
            (_line, _pending) = (null, null);
            return false;
        }
    }

    private async Task<bool> AskAsync(byte[] request)
    {
        while (await ReadAsync() is not null)
        {
            // The rest of a dump that was given up is no answer to this.
        }

        await SendAsync(EutronLink.Soh);
        if (await ReadAsync() != EutronLink.Ack)
        {
            return false;
        }

        await SendAsync(EutronLink.Framed(request));
        return await ReadAsync() == EutronLink.Ack;
    }

    private async Task<bool> TakeAllAsync()
    {
        while (await ReadAsync() == EutronLink.Soh)
        {
            await SendAsync(EutronLink.Ack);
            if (await ReadAsync() is not byte length)
            {
                return false;
            }

            List<byte> frame = [length];
            while (frame.Count < length + 2)
            {
                if (await ReadAsync() is not byte next)
                {
                    return false;
                }

                frame.Add(next);
            }

            byte[] data = [.. frame.Skip(1).Take(length)];
            if (!EutronLink.Framed(data).SequenceEqual(frame))
            {
                BadChecks++;
                await SendAsync(EutronLink.Nak);
                return false;
            }

            await SendAsync(EutronLink.Ack);
            if (data is [0, 0])
            {
                return true;
            }

            Records.Add(data[1..]);
        }

        return false;
    }

    private async Task SendAsync(params byte[] bytes) => await _line!.WriteAsync(bytes, TestContext.Current.CancellationToken);

    private async Task<byte?> ReadAsync()
    {
        _pending ??= _line!.ReadAsync(_one, TestContext.Current.CancellationToken).AsTask();
        try
        {
            int read = await _pending.WaitAsync(Patience, bench.Time, TestContext.Current.CancellationToken);
            _pending = null;
            return read > 0 ? _one[0] : throw new IOException("gone");
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
