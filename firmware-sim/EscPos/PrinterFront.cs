using System.Text;
using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.EscPos;

/// <summary>A receipt printer: keeps what it is told to print, and answers questions about its state (§2.3).</summary>
/// <remarks>
/// Without paper it takes what its buffer holds and tells only its state; what is in the buffer when the line goes is lost. The faults that break a
/// line strike in the middle of a piece: half of it is on paper.
/// </remarks>
/// <param name="paper">The file that the bytes go to, as they came, one connection after the other; added to what is there.</param>
/// <param name="roll">Receipts on a roll of paper, which ends in the middle of the next; 0: it never ends.</param>
internal sealed class PrinterFront(string paper, int roll = 0) : IRegisterFront
{
    private const byte Ready = 0x12;
    private const byte OutOfPaper = 0x1A;

    /// <summary>Bytes that a printer takes and has not printed.</summary>
    private const int BufferSize = 4096;

    /// <summary>How long somebody takes to put in a new roll.</summary>
    private static readonly TimeSpan NewRoll = TimeSpan.FromSeconds(25);

    private static readonly Fault[] Breaking = [Fault.Unplug, Fault.Reboot, Fault.HalfOpen];

    /// <summary>A command whose length is not told by so many bytes is none.</summary>
    private const int MostHeader = 8192;

    private const int LongestShort = 8;

    private static readonly byte[] AllWell = [0x10, 0x00, 0x00, 0x00];

    private readonly List<byte> _command = [];
    private long _skip;
    private int _rolls;

    public int Together => 1;

    public bool HasGivenAll => true;

    /// <summary>How often the paper was cut.</summary>
    public int Cuts { get; private set; }

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        await using FileStream record = new(paper, FileMode.Append, FileAccess.Write, FileShare.Read);
        while (await wire.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            ReadOnlyMemory<byte> piece = buffer.AsMemory(0, read);
            foreach (Fault fault in Breaking)
            {
                if (wire.Faults.Strikes(fault))
                {
                    await PrintAsync(record, piece[..(read / 2)], wire, cancellationToken);
                    throw new LineBrokenException(fault);
                }
            }

            if (roll > 0 && Cuts / roll > _rolls)
            {
                _rolls = Cuts / roll;
                await PrintAsync(record, piece[..(read / 2)], wire, cancellationToken);
                piece = await WaitForPaperAsync(piece[(read / 2)..], wire, cancellationToken);
            }

            await PrintAsync(record, piece, wire, cancellationToken);
        }
    }

    public void Began(RungReceipt receipt)
    {
        // A printer sells nothing.
    }

    public void Closed(RungReceipt receipt)
    {
        // A printer sells nothing.
    }

    public void Restart()
    {
        _command.Clear();
        _skip = 0;
    }

    private async Task PrintAsync(FileStream record, ReadOnlyMemory<byte> piece, RegisterWire wire, CancellationToken cancellationToken)
    {
        // On the paper first, then the answer: who has it may rely on what it sent before.
        await record.WriteAsync(piece, cancellationToken);
        await record.FlushAsync(cancellationToken);
        byte[] answers = Take(piece.Span);
        if (answers.Length > 0)
        {
            await wire.SendAsync(answers, cancellationToken);
        }
    }

    /// <summary>Takes what the buffer holds, and tells its state to who asks in real time.</summary>
    /// <returns>What is to be printed when there is paper.</returns>
    /// <exception cref="IOException">The line went, and with it what was in the buffer.</exception>
    private static async Task<ReadOnlyMemory<byte>> WaitForPaperAsync(ReadOnlyMemory<byte> left, RegisterWire wire, CancellationToken cancellationToken)
    {
        List<byte> held = [.. left.Span];
        using CancellationTokenSource paperIn = new(NewRoll, wire.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(paperIn.Token, cancellationToken);
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                if (held.Count >= BufferSize)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, wire.Time, either.Token);
                }

                int read = await wire.ReadAsync(buffer.AsMemory(0, BufferSize - held.Count), either.Token);
                if (read == 0)
                {
                    throw new IOException("the line went while there was no paper");
                }

                if (buffer.AsSpan(0, read).IndexOf((ReadOnlySpan<byte>)[0x10, 0x04]) >= 0)
                {
                    await wire.SendSignAsync(new byte[] { OutOfPaper }, cancellationToken);
                }
                else
                {
                    held.AddRange(buffer.AsSpan(0, read));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return held.ToArray();
        }
    }

    private static byte[] Reply(ReadOnlySpan<byte> command) => command switch
    {
        [0x10, 0x04, ..] => [Ready],
        [0x1D, (byte)'r', ..] => [0],
        [0x1D, (byte)'a', not 0] => AllWell,
        [0x1D, (byte)'I', >= 65] => [.. Encoding.ASCII.GetBytes("_SIMULATED"), 0],
        [0x1D, (byte)'I', _] => [0x20],
        _ => [],
    };

    private byte[] Take(ReadOnlySpan<byte> bytes)
    {
        List<byte> answers = [];
        foreach (byte next in bytes)
        {
            if (_skip > 0)
            {
                _skip--;
                continue;
            }

            _command.Add(next);
            byte[] command = [.. _command];
            if (CommandLengths.Of(command) is not long length)
            {
                _command.RemoveRange(0, command.Length > MostHeader ? command.Length : 0);
                continue;
            }

            // Short commands are answered when they are whole; of long ones the rest is data.
            if (length > command.Length && length <= LongestShort)
            {
                continue;
            }

            answers.AddRange(Reply(command));
            Cuts += command is [0x1D, (byte)'V', ..] or [0x1B, (byte)'i' or (byte)'m', ..] ? 1 : 0;
            _skip = length - command.Length;
            _command.Clear();
        }

        return [.. answers];
    }
}
