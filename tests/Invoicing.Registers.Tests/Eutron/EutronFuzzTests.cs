using System.Text;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Registers.Tests.EscPos;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.FlowBytes;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Anything may come in from a line: no parser throws, none holds more than it may, however the bytes are cut.</summary>
public sealed class EutronFuzzTests(ITestOutputHelper output)
{
    private static readonly DateTime At = new(2026, 11, 22, 14, 5, 9, DateTimeKind.Unspecified);

    /// <summary>Receipts with everything that can stand in them.</summary>
    private static readonly byte[][] Log =
    [
        .. Sale(1, At), Regis(2, At), Plu(1, 2_000, 60_000), Discount(1, 3_000), Dept(3, 1_500, 38_400), SubDiscount(4_500),
        Tax(84_167, 800, 6_733), Tend((1, 100_000), (1, -9_100)), End(2, 90_900, At), TotalVoid(1), PaidOut(5), Lock(3), PriceList(),
    ];

    [Fact]
    public void Frames_come_out_of_a_serial_line_the_same_however_the_bytes_come()
    {
        EutronReceiver receiver = new();
        EutronReceiver atOnce = new();
        long records = 0;
        FuzzRun.Run("eutron frames", output, Frames, (input, random) =>
        {
            List<byte[]> came = [];
            FuzzRun.InPieces(input, random, piece => Take(receiver, piece.Span, came));
            records += came.Count;
            if (random.Next(16) == 0)
            {
                List<byte[]> whole = [];
                Take(atOnce, input, whole);
                Assert.Equal(whole, came);
            }

            receiver.Reset();
            atOnce.Reset();
        });
        Assert.True(records > 50_000, $"only {records} records came whole: they prove little");
    }

    [Fact]
    public void Packets_come_out_of_a_tcp_line_the_same_however_the_bytes_come()
    {
        TcpReceiver receiver = new();
        long packets = 0;
        FuzzRun.Run("eutron packets", output, Packets, (input, random) =>
        {
            List<byte[]> came = [];
            FuzzRun.InPieces(input, random, piece =>
            {
                foreach (byte next in piece.Span)
                {
                    if (receiver.Take(next) is { } packet)
                    {
                        came.Add(packet.ToWire());
                    }

                    Assert.InRange(receiver.Have, 0, TcpPacket.HeaderLength + byte.MaxValue - 1);
                }
            });
            packets += came.Count;
            Assert.Equal(input.Length, came.Sum(wire => wire.Length) + receiver.Have);
            receiver.Reset();
        });
        Assert.True(packets > 50_000, $"only {packets} packets came whole: they prove little");
    }

    [Fact]
    public void Receipts_are_made_of_any_records_and_what_is_a_sale_adds_up()
    {
        var names = PluTable.Of([Row(1, "Ca phe sua da"), Row(2, "Banh mi")], Encoding.Latin1);
        ReceiptAssembler assembler = new();
        long sales = 0;
        FuzzRun.Run("eutron receipts", output, Logs, (input, random) =>
        {
            for (ReadOnlyMemory<byte> rest = input; !rest.IsEmpty;)
            {
                int length = Math.Min(rest.Length, rest.Span[0] + 1);
                if (assembler.Take(FlowRecord.Read(rest[1..length])) is { } receipt)
                {
                    RegisterRecord read = ReceiptReader.Read(receipt, new(new("R"), 1, 1), names, [PaymentMeans.Cash]);
                    bool isTrade = read.Kind is RecordKind.Sale or RecordKind.Refund;
                    Assert.True(!isTrade || (read.Sale is null) == (read.Unreadable is not null));
                    sales += read.Sale is null ? 0 : 1;
                }

                rest = rest[length..];
            }

            assembler.Reset();
        });
        Assert.True(sales > 20_000, $"only {sales} receipts were read as sales: they prove little");
    }

    [Fact]
    public void Tables_are_read_whatever_is_in_them()
    {
        byte[] kept = PluTable.Join([Row(1, "Ca phe"), Row(2, "Banh mi")]);
        FuzzRun.Run("eutron tables", output, random => () => ByteChanges.Of(kept, random), (input, _) =>
            Assert.InRange(PluTable.Of(PluTable.Split(input), Encoding.Latin1).Count, 0, 2));
    }

    /// <summary>What is in a book was written here; of another's or a damaged one the contract names the exception.</summary>
    [Fact]
    public void What_is_remembered_is_read_or_refused_by_the_exception_of_its_contract()
    {
        byte[] kept = new EutronMemory(7, 0x1122334455667788, true, false, true, 42, new(99), 9, 11) { Recent = [new(1), new(2)] }.ToBytes();
        long refused = 0;
        FuzzRun.Run("eutron state", output, random => () => ByteChanges.Of(kept, random), (input, _) =>
        {
            try
            {
                Assert.InRange(EutronMemory.Read(input)?.Recent.Length ?? 0, 0, input.Length / ReceiptMark.Length);
            }
            catch (InvoicingException)
            {
                refused++;
            }
        });
        Assert.True(refused > 1_000);
    }

    [Fact]
    public void An_article_is_looked_for_in_any_table_by_a_bounded_number_of_rows() =>
        FuzzRun.Run("eutron search", output, random => () => [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (byte)random.Next(256))], (input, random) =>
        {
            byte[] codes = random.Next(2) == 0 ? input : [.. input.Order()];
            ArticleSearch search = new(random.Next(-1, 300), 39_999);
            int rows = 0;
            while (search.Next is { } place)
            {
                Assert.InRange(++rows, 1, 17);
                search.Take(place < codes.Length ? codes[place] : default(long?));
            }

            Assert.True(search.Found is null or >= 0);
        });

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

    private static void Take(EutronReceiver receiver, ReadOnlySpan<byte> bytes, List<byte[]> came)
    {
        foreach (byte next in bytes)
        {
            if (receiver.Take(next) == Heard.Record)
            {
                came.Add(receiver.Data.ToArray());
                Assert.InRange(receiver.Data.Length, 1, EutronFrame.MaxData);
            }
        }
    }

    /// <summary>A few frames of a dump.</summary>
    private static Func<byte[]> Frames(Random random) => () =>
    {
        int first = random.Next(Log.Length);
        byte[] dump = [.. Log.Skip(first).Take(4).SelectMany(record => (byte[])[EutronFrame.Start, .. EutronFrame.Encode([0, .. record])])];
        return ByteChanges.Of(dump, random);
    };

    private static Func<byte[]> Packets(Random random) => () =>
    {
        byte[] packet = new TcpPacket((byte)'F', 7, Log[random.Next(Log.Length)]).ToWire();
        return ByteChanges.Of([.. packet, .. packet], random);
    };

    /// <summary>A log of which one record of four is damaged, each behind its length.</summary>
    private static Func<byte[]> Logs(Random random) => () =>
    [
        .. Log.SelectMany(record =>
        {
            byte[] bytes = random.Next(4) == 0 ? ByteChanges.Of(record, random) : record;
            return (byte[])[(byte)bytes.Length, .. bytes];
        }),
    ];
}
