using System.Threading.Channels;
using FirmwareSim.Running;
using FirmwareSim.Tills;

namespace FirmwareSim.EscPos;

/// <summary>A POS program that prints its receipts. A job that the line broke is printed again, whole, when the line is back.</summary>
internal sealed class EscPosFront : IRegisterFront
{
    /// <summary>Answers that wait: the program asks for one at a time, the rest are states that the printer tells by itself.</summary>
    private const int MostAnswers = 64;

    private const byte FixedBitsMask = 0x93;
    private const byte FixedBits = 0x12;
    private const byte Offline = 0x08;

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);
    private static readonly byte[] StatusRequest = [0x10, 0x04, 0x01];

    private readonly Till _till;
    private readonly PosOptions _options;
    private readonly JobMaker _jobs;
    private readonly Signal _rung = new();
    private Queue<PrintJob> _waiting = new();
    private int _next;

    public EscPosFront(Till till, PosOptions options, JobMaker jobs)
    {
        _till = till;
        _options = options;
        _jobs = jobs;

        // What a program printed before it was closed it does not print again.
        _next = till.Count;
    }

    public int Together => 1;

    public bool HasGivenAll => Volatile.Read(ref _next) == _till.Count;

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = Channel.CreateBounded<byte>(new BoundedChannelOptions(MostAnswers) { FullMode = BoundedChannelFullMode.DropOldest });
        Task reading = ReadAsync(wire, answers.Writer, end);
        try
        {
            while (true)
            {
                while (!HasGivenAll)
                {
                    await PrintNextAsync(wire, answers.Reader, end.Token);
                }

                await _rung.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The printer is gone.
        }
        finally
        {
            await end.CancelAsync();
            await reading;
        }
    }

    public void Began(RungReceipt receipt)
    {
        // Nothing is printed before the receipt is closed.
    }

    public void Closed(RungReceipt receipt) => _rung.Set();

    public void Restart()
    {
        // The program's jobs are in its own book.
    }

    private static async Task ReadAsync(RegisterWire wire, ChannelWriter<byte> answers, CancellationTokenSource end)
    {
        byte[] buffer = new byte[MostAnswers];
        try
        {
            while (await wire.ReadAsync(buffer, end.Token) is int read and > 0)
            {
                foreach (byte answer in buffer.AsSpan(0, read))
                {
                    answers.TryWrite(answer);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the line, each in its way.
        }

        await end.CancelAsync();
    }

    private async Task PrintNextAsync(RegisterWire wire, ChannelReader<byte> answers, CancellationToken cancellationToken)
    {
        RungReceipt receipt = _till.At(_next);
        if (_waiting.Count == 0)
        {
            _waiting = new Queue<PrintJob>(_jobs.Of(receipt));
        }

        while (_waiting.TryPeek(out PrintJob? job))
        {
            await AskAsync(wire, answers, cancellationToken);
            await wire.SendAsync(job.Bytes, cancellationToken);
            _waiting.Dequeue();
            if (job.Kind is ReceiptClass.Copy or ReceiptClass.Kitchen or ReceiptClass.ProForma)
            {
                _till.NotePrint(receipt, job.Kind);
            }
        }

        Volatile.Write(ref _next, _next + 1);
    }

    /// <summary>Asks until the printer says that it is ready: without an answer nothing is printed.</summary>
    private async Task AskAsync(RegisterWire wire, ChannelReader<byte> answers, CancellationToken cancellationToken)
    {
        while (_options.AsksStatus)
        {
            while (answers.TryRead(out _))
            {
                // What came before the question is no answer to it.
            }

            await wire.SendSignAsync(StatusRequest, cancellationToken);
            using CancellationTokenSource patience = new(AnswerPatience, wire.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                byte answer = await answers.ReadAsync(either.Token);
                if ((answer & FixedBitsMask) == FixedBits && (answer & Offline) == 0)
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Asked again.
            }
        }
    }
}
