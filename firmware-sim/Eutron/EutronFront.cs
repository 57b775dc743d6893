using System.Buffers.Binary;
using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>An ER-2xx on a serial line or CDC-ACM: the log and the table of articles are pulled record by record (§3.1).</summary>
/// <remarks>
/// The read pointer moves with each record that was acknowledged; one that was not is put back and the dump ends: at least once, never a
/// gap. Sales go on while a dump runs.
/// </remarks>
internal sealed class EutronFront(EutronMemory memory) : IRegisterFront
{
    private const ushort Rewind = 0xFFFF;
    private const byte Filler = 0;
    private const int NaksInRow = 3;

    private static readonly byte[] End = [0, 0];

    private int _naks;

    public int Together => 1;

    public bool HasGivenAll => memory.HasGivenAll;

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        await using ByteSource source = new(wire, cancellationToken);
        EutronLink link = new(wire, source);
        while (true)
        {
            await link.AwaitStartAsync();
            _naks = _naks == 0 && wire.Faults.Strikes(Fault.Nak) ? NaksInRow : _naks;
            if (_naks > 0)
            {
                _naks--;
                await link.RefuseAsync(cancellationToken);
                continue;
            }

            if (await link.TakeAsync(letter => letter is (byte)'F' or (byte)'D', cancellationToken) is { Length: >= 3 } request)
            {
                await AnswerAsync(link, request, cancellationToken);
            }
        }
    }

    public void Began(RungReceipt receipt) => memory.Began(receipt);

    public void Closed(RungReceipt receipt) => memory.Closed(receipt);

    public void Restart() => _naks = 0;

    private Task AnswerAsync(EutronLink link, byte[] request, CancellationToken cancellationToken)
    {
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(request.AsSpan(1));
        return request[0] == (byte)'F' ? DumpLogAsync(link, type, cancellationToken) : DumpTableAsync(link, request[1..], cancellationToken);
    }

    private async Task DumpLogAsync(EutronLink link, ushort type, CancellationToken cancellationToken)
    {
        if (type == Rewind)
        {
            memory.Log.Rewind();
        }

        bool isTaken = memory.Log.Peek() is null || await link.SendAsync([Filler, .. memory.Head()], cancellationToken);
        while (isTaken && memory.Log.Peek() is (byte[] record, long next))
        {
            isTaken = await link.SendAsync([Filler, .. record], cancellationToken);
            if (isTaken)
            {
                memory.Log.AdvanceTo(next);
            }
        }

        if (isTaken)
        {
            await link.SendAsync(End, cancellationToken);
        }
    }

    private async Task DumpTableAsync(EutronLink link, byte[] which, CancellationToken cancellationToken)
    {
        bool isWhole = BinaryPrimitives.ReadUInt16LittleEndian(which) == PluRecords.Table;
        bool isTaken = true;
        foreach ((ushort number, PluRow row) in PluRecords.Asked(memory.Rows, which))
        {
            // A whole table stands behind a filler, as the log does; a row behind its number.
            byte[] before = isWhole ? [Filler] : [(byte)(number & 0xFF), (byte)(number >> 8)];
            isTaken = isTaken && await link.SendAsync([.. before, .. PluRecords.Of(row)], cancellationToken);
        }

        if (isTaken)
        {
            await link.SendAsync(End, cancellationToken);
        }
    }
}
