using Invoicing.Registers.Lines;
using Invoicing.Registers.Tests.Tlk.Session;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>A register that does what the test says, over any line. Its journal is a list; what a gateway answered is kept beside it.</summary>
internal sealed class ScriptedRegister(ILineConnection connection, List<byte[]> journal, Dictionary<ulong, int> results)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<byte> _run = [];
    private readonly Queue<TlkFrame> _inbox = new();
    private byte _nonce;

    internal ulong Acked
    {
        get
        {
            ulong acked = 0;
            while (results.ContainsKey(acked + 1))
            {
                acked++;
            }

            return acked;
        }
    }

    internal Task SendAsync(TlkFrame frame) => SendAsync(frame.ToWire());

    internal Task SendAsync(byte[] wire) => connection.WriteAsync(wire, TestContext.Current.CancellationToken).AsTask().Soon();

    /// <summary>The next frame that is not BUSY, PING, or the unasked NAK 9.</summary>
    internal async Task<TlkFrame> NextAsync()
    {
        while (true)
        {
            while (_inbox.TryDequeue(out TlkFrame? frame))
            {
                bool isNoise = frame.Type is TlkType.Busy or TlkType.GatewayPing || (frame.Type == TlkType.Nak && frame.Payload.Span[2] == 9);
                if (!isNoise)
                {
                    return frame;
                }
            }

            await ReceiveAsync();
        }
    }

    /// <summary>HELLO, WELCOME.</summary>
    internal async Task GreetAsync()
    {
        TlkFrame hello = SessionBench.Hello(
            oldest: journal.Count == 0 ? 0ul : 1ul, newest: (ulong)journal.Count, acked: Acked, nonce: ++_nonce);
        await SendAsync(hello);
        Assert.StartsWith("WELCOME", SessionBench.Words(await NextAsync()), StringComparison.Ordinal);
    }

    /// <summary>Rings up a sale, without sending it.</summary>
    internal ulong RingUp(byte[] record)
    {
        journal.Add(record);
        return (ulong)journal.Count;
    }

    internal Task SendRecordAsync(ulong seq) => SendAsync(SessionBench.Rec(seq, journal[(int)seq - 1]));

    /// <summary>Takes ACKs until a record has its result; each result must be the first and only one.</summary>
    internal async Task ResultAsync(ulong seq)
    {
        while (!results.ContainsKey(seq))
        {
            TlkFrame ack = await NextAsync();
            Assert.Equal(TlkType.Ack, ack.Type);
            TlvFault fault = new();
            TlvGroup fields = new(ack.Payload, "ACK", [Tag.Epoch, Tag.Durable, Tag.Result], [Tag.Result], fault);
            foreach (ReadOnlyMemory<byte> bytes in fields.All(Tag.Result))
            {
                TlvGroup result = new(bytes, "result", [1, 2, 3, 4, 5, 6, 7, 8], [], fault);
                int number = result.U8(ResultTag.Outcome) == ResultTag.Issued ? (int)result.U32(ResultTag.Number) : 0;
                Assert.True(results.TryAdd(result.U64(ResultTag.Seq), number) || results[result.U64(ResultTag.Seq)] == number);
            }

            Assert.Null(fault.First);
        }
    }

    private async Task ReceiveAsync()
    {
        int count = await connection.ReadAsync(_buffer, TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.True(count > 0, "the line is gone");
        foreach (byte b in _buffer.AsSpan(0, count))
        {
            if (b != 0)
            {
                _run.Add(b);
            }
            else if (_run.Count > 0)
            {
                _inbox.Enqueue(Vectors.Frame([0, .. _run, 0]));
                _run.Clear();
            }
        }
    }
}
