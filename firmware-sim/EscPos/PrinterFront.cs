using System.Text;
using FirmwareSim.Tills;

namespace FirmwareSim.EscPos;

/// <summary>A receipt printer: keeps what it is told to print, and answers questions about its state (§2.3).</summary>
/// <param name="paper">The file that the bytes go to, as they came, one connection after the other; added to what is there.</param>
internal sealed class PrinterFront(string paper) : IRegisterFront
{
    private const byte Ready = 0x12;

    /// <summary>A command whose length is not told by so many bytes is none.</summary>
    private const int MostHeader = 8192;

    private const int LongestShort = 8;

    private static readonly byte[] AllWell = [0x10, 0x00, 0x00, 0x00];

    private readonly List<byte> _command = [];
    private long _skip;

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
            // On the paper first, then the answer: who has it may rely on what it sent before.
            await record.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await record.FlushAsync(cancellationToken);
            byte[] answers = Take(buffer.AsSpan(0, read));
            if (answers.Length > 0)
            {
                await wire.SendAsync(answers, cancellationToken);
            }
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
