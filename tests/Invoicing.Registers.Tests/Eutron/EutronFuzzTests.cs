using System.Text;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Anything may come in from a line: no parser throws, and none holds more than it may.</summary>
public sealed class EutronFuzzTests
{
    [Fact]
    public void Two_hundred_thousand_serial_streams()
    {
        byte[] frame = [EutronFrame.Start, .. EutronFrame.Encode([0, .. FlowBytes.Plu(1, 1_000, 20_000)])];
        EutronReceiver receiver = new();
        int records = 0;
        Seeded.Run(200_000, random =>
        {
            byte[] bytes = Mutated(frame, random);
            foreach (byte next in bytes)
            {
                if (receiver.Take(next) == Heard.Record)
                {
                    records++;
                    Assert.InRange(receiver.Data.Length, 1, EutronFrame.MaxData);
                }
            }

            if (random.Next(3) == 0)
            {
                receiver.Reset();
            }
        });
        Assert.True(records > 0);
    }

    [Fact]
    public void Two_hundred_thousand_tcp_streams()
    {
        byte[] packet = new TcpPacket((byte)'F', 7, FlowBytes.Plu(1, 1_000, 20_000)).ToWire();
        Seeded.Run(200_000, random =>
        {
            ReadOnlySpan<byte> bytes = Mutated([.. packet, .. packet], random);
            while (TcpPacket.TryRead(ref bytes, out TcpPacket read))
            {
                Assert.InRange(read.Data.Length, 0, 255);
            }
        });
    }

    [Fact]
    public void Two_hundred_thousand_tables()
    {
        byte[] kept = PluTable.Of([FlowBytes.Row(1, "Ca phe"), FlowBytes.Row(2, "Banh mi")], Encoding.Latin1).Bytes.ToArray();
        Seeded.Run(200_000, random => Assert.InRange(PluTable.Read(Mutated(kept, random), Encoding.Latin1).Count, 0, 70));
    }

    [Fact]
    public void What_is_remembered_is_read_back_and_anything_else_is_refused_in_one_sentence()
    {
        EutronMemory memory = new(7, 0x1122334455667788, HasZero: true, IsAhead: false, IsLost: true, 42, new(99), 9, 11) { Recent = [new(1), new(2)] };
        foreach (EutronMemory kept in new[] { memory, memory with { Ecr = null, Recent = [] }, memory with { HasZero = false, IsAhead = true, IsLost = false } })
        {
            EutronMemory read = EutronMemory.Read(kept.ToBytes())!;
            Assert.Equal(kept with { Recent = [] }, read with { Recent = [] });
            Assert.Equal(kept.Recent, read.Recent);
        }

        Assert.InRange((memory with { Recent = [.. Enumerable.Repeat(new ReceiptMark(1), EutronMemory.MaxRecent)] }).ToBytes().Length, 1, ICaptureBook.MaxStateLength);
        Assert.Null(EutronMemory.Read([]));
        InvoicingException fault = Assert.Throws<InvoicingException>(() => EutronMemory.Read([9, 9]));
        Assert.Contains("found version 9 in 2", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        List<byte> mutated = [.. bytes];
        for (int i = random.Next(4); i > 0 && mutated.Count > 0; i--)
        {
            int at = random.Next(mutated.Count);
            switch (random.Next(3))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveAt(at);
                    break;
                default:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. mutated];
    }
}
