using FirmwareSim.Printing;
using FirmwareSim.Running;
using FirmwareSim.Tills;

namespace FirmwareSim.LineText;

/// <summary>A register that writes each receipt as plain lines to its journal port and hears nothing. A receipt cut by the line is written again.</summary>
internal sealed class LineTextFront : IRegisterFront
{
    private readonly Till _till;
    private readonly Charset _charset;
    private readonly ReceiptLayout _layout;
    private readonly Signal _rung = new();
    private int _next;

    public LineTextFront(Till till, Charset charset, ReceiptTemplate template)
    {
        _till = till;
        _charset = charset;
        _layout = new ReceiptLayout(template);

        // What was written before the register was switched off it does not write again.
        _next = till.Count;
    }

    public int Together => 1;

    public bool HasGivenAll => Volatile.Read(ref _next) == _till.Count;

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task listening = ListenAsync(wire, end);
        try
        {
            while (true)
            {
                for (; !HasGivenAll; Volatile.Write(ref _next, _next + 1))
                {
                    await wire.SendAsync(Text(_till.At(_next)), end.Token);
                }

                await _rung.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The other side is gone.
        }
        finally
        {
            await end.CancelAsync();
            await listening;
        }
    }

    public void Began(RungReceipt receipt)
    {
        // Nothing is written before the receipt is closed.
    }

    public void Closed(RungReceipt receipt) => _rung.Set();

    public void Restart()
    {
        // What is not written yet is in the register's own book.
    }

    private static async Task ListenAsync(RegisterWire wire, CancellationTokenSource end)
    {
        byte[] buffer = new byte[64];
        try
        {
            while (await wire.ReadAsync(buffer, end.Token) > 0)
            {
                // Whatever is said to it, it does not listen.
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the line, each in its way.
        }

        await end.CancelAsync();
    }

    /// <summary>The receipt's lines with CR LF; half of them if the power failed and it never went on.</summary>
    private byte[] Text(RungReceipt receipt)
    {
        if (receipt.Class == ReceiptClass.Cancelled && !receipt.IsAfterTotal && receipt.Interruption == Interruption.None)
        {
            return [];
        }

        IReadOnlyList<string> lines = _layout.Of(receipt, receipt.Class);
        IEnumerable<string> half = lines.Take(lines.Count / 2);
        IEnumerable<string> written = receipt.Interruption switch
        {
            Interruption.None => lines,
            Interruption.Continued => half.Concat(lines),
            _ => half,
        };
        return [.. written.SelectMany(line => (byte[])[.. TextCoder.Encode(line, _charset, mayWrite: false), (byte)'\r', (byte)'\n'])];
    }
}
