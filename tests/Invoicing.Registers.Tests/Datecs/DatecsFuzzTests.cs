using System.Collections.Immutable;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Datecs.Push;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.EscPos;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Anything may come in from a line: no parser of the family throws what its contract does not name, and none holds more than it may.</summary>
public sealed class DatecsFuzzTests(ITestOutputHelper output)
{
    private const byte LineEnd = 0x0A;

    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
    private static readonly DateTime Morning = new(2026, 7, 1, 9, 0, 0);

    private static readonly FakeDocument[] Documents =
        [FakeDocument.Receipt(41, Morning), FakeDocument.Storno(42, 41, Morning), FakeDocument.DayClose(43, Morning), FakeDocument.Cancelled(44, Morning), FakeDocument.Small(45, Morning)];

    /// <summary>With a table of rates, and with amounts that carry their decimals: both are ways through the parsers.</summary>
    private static readonly DatecsReading[] Readings =
    [
        new(new()),
        new(new() { MinorDigits = 2, TaxRates = ImmutableDictionary<string, TaxRate>.Empty.Add("А", TaxRate.Eight).Add("Б", TaxRate.Ten) }),
    ];

    private static readonly SaleKey Key = new(new("DT000001"), 1, 41);

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal void Frames_are_bounded_and_the_same_however_the_bytes_come(IslDialect dialect)
    {
        IslDecoder inPieces = new(dialect);
        IslDecoder atOnce = new(dialect);
        long frames = 0;
        FuzzRun.Run($"datecs frames {dialect}", output, random => Frames(dialect, random), (input, random) =>
        {
            List<IslPiece> pieces = [];
            FuzzRun.InPieces(input, random, piece => Feed(inPieces, piece.Span, pieces));
            while (inPieces.GiveUp())
            {
                Feed(inPieces, [], pieces);
            }

            frames += pieces.Count(static piece => piece is IslPiece.Reply or IslPiece.Echo);
            Assert.All(pieces.OfType<IslPiece.Reply>(), piece => Assert.InRange(piece.Frame.Data.Length, 0, IslShape.MaxData(dialect)));
            if (random.Next(16) == 0)
            {
                List<IslPiece> whole = [];
                Feed(atOnce, input, whole);
                while (atOnce.GiveUp())
                {
                    Feed(atOnce, [], whole);
                }

                Assert.Equal(whole.Select(Shown), pieces.Select(Shown));
            }
        });
        Assert.True(frames > 10_000, $"only {frames} frames were read: they prove little");
    }

    /// <summary>62, 76, 90, 124, and 125 with heading, text and rows.</summary>
    [Fact]
    public void Replies_of_an_X_register_are_read_or_refused()
    {
        byte[][] replies =
        [
            .. DatecsVectors.All.Where(vector => DatecsVectors.Is(vector.GetProperty("means"), "x", "reply") && vector.GetProperty("means").TryGetProperty("data", out _))
                .Select(vector => Cyrillic.GetBytes(vector.GetProperty("means").GetProperty("data").GetString()!)),
            "0\t1\t41\t3\t77000.00\t0.00\t"u8.ToArray(),
        ];
        int refused = 0;
        FuzzRun.Run("datecs replies X", output, random => () => DatecsNoise.Mutate(replies[random.Next(replies.Length)], random), (input, _) =>
        {
            try
            {
                var reply = XReply.Read(new(0x30, 125, input, default), Cyrillic, "line");
                Assert.InRange(reply.Fields.Length, 0, input.Length + 1);
                Assert.InRange(XRow.Read(reply.Fields).Sum(static column => column.Length), 0, input.Length);
                RequireIdentity(DatecsIdentity.Read(IslDialect.X, reply.Fields));
                foreach (string field in reply.Fields)
                {
                    ReadField(field);
                }
            }
            catch (RegisterTroubleException)
            {
                refused++;
            }
        });
        Assert.True(refused > 100, $"only {refused} inputs were refused: they prove little");
    }

    /// <summary>62, 90, 113, and the text of 119.</summary>
    [Fact]
    public void Replies_of_a_legacy_register_are_read_or_refused()
    {
        byte[][] replies =
        [
            .. DatecsVectors.All.Where(vector => DatecsVectors.Is(vector.GetProperty("means"), "isl", "reply"))
                .Select(vector => Cyrillic.GetBytes(vector.GetProperty("means").GetProperty("data").GetString()!)),
        ];
        FuzzRun.Run("datecs replies legacy", output, random => () => DatecsNoise.Mutate(replies[random.Next(replies.Length)], random), (input, _) =>
        {
            string text = Cyrillic.GetString(input);
            RequireIdentity(DatecsIdentity.Read(IslDialect.Legacy, text.Split(',')));
            foreach (string field in text.Split(','))
            {
                ReadField(field);
            }
        });
    }

    /// <summary>A document is its replies, one after the other: heading, text, rows.</summary>
    [Fact]
    public void Documents_of_an_X_register_become_records_or_are_held()
    {
        byte[][] documents = [.. Documents.Select(XReplies)];
        long sales = 0;
        FuzzRun.Run("datecs documents X", output, random => () => DatecsNoise.Mutate(documents[random.Next(documents.Length)], random), (input, random) =>
        {
            string[] parts = Cyrillic.GetString(input).Split('\n');
            string[] heading = parts[0].Split('\t');
            IReadOnlyList<string>[] rows = [.. parts.Skip(1).Where(IsRow).Select(part => XRow.Read(part.Split('\t')[1..^1]))];
            string[] lines = [.. parts.Skip(1).Where(part => !IsRow(part)).Select(part => part.Trim('\t'))];
            XDocument document = new(41, heading.ElementAtOrDefault(4) ?? "1", heading.ElementAtOrDefault(3) ?? string.Empty, rows, lines, input);
            sales += RequireRecord(document.Read(Readings[random.Next(Readings.Length)]));
        });
        Assert.True(sales > 10_000, $"only {sales} sales were read: they prove little");
    }

    [Fact]
    public void Documents_of_a_legacy_register_become_records_or_are_held()
    {
        byte[][] documents = [.. Documents.Select(document => Cyrillic.GetBytes(string.Join('\n', document.Lines)))];
        long sales = 0;
        FuzzRun.Run("datecs documents legacy", output, random => () => DatecsNoise.Mutate(documents[random.Next(documents.Length)], random), (input, random) =>
        {
            string[] lines = Cyrillic.GetString(input).Split('\n');
            DatecsReading reading = Readings[random.Next(Readings.Length)];
            ulong? number = reading.Layout.NumberOf(lines);
            Assert.True(number is null or <= uint.MaxValue);
            sales += RequireRecord(new TextDocument(41, lines, input).Read(reading));
        });
        Assert.True(sales > 10_000, $"only {sales} sales were read: they prove little");
    }

    /// <summary>Packets of several registers' kinds behind one another: items, discounts, payments, cash, openings, closings, questions for goods.</summary>
    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void What_is_pushed_becomes_records_in_bounded_memory(char separator)
    {
        byte[][] packets =
        [
            .. DatecsVectors.All.Where(vector => DatecsVectors.Is(vector.GetProperty("means"), "push", "register")).Select(DatecsVectors.Wire)
                .Select(wire => wire.Select((b, i) => i > 5 && b is (byte)';' or (byte)'\t' ? (byte)separator : b).ToArray()),
            new PushPacket(1, PushOperation.AskBarcode, 1, 0, Cyrillic.GetBytes($"123456{separator}6{separator}{new string('8', 230)}{separator}")).ToBytes(),
        ];
        PushAssembler[] assemblers = [new(separator, Cyrillic, 0), new(separator, Cyrillic, 2)];
        PushDecoder decoder = new();
        PushDecoder atOnce = new();
        PushState state = new();
        int counter = 1000;
        long receipts = 0;
        FuzzRun.Run($"datecs push {(separator == ';' ? "dp-500" : "wp-500")}", output, random => () => Pushed(packets, separator, ref counter, random), (input, random) =>
        {
            List<PushPacket> read = [];
            FuzzRun.InPieces(input, random, piece => Feed(decoder, piece.Span, read));
            if (random.Next(16) == 0)
            {
                List<PushPacket> whole = [];
                Feed(atOnce, input, whole);
                Assert.Equal(whole.Select(Shown), read.Select(Shown));
                atOnce = new();
            }

            PushAssembler assembler = assemblers[random.Next(assemblers.Length)];
            foreach (PushPacket packet in read)
            {
                (state, ImmutableArray<PushEffect> effects) = assembler.Step(state, packet);
                receipts += effects.Count(RequireEffect);
                Assert.InRange(state.Open?.Lines.Count ?? 0, 0, PushAssembler.MaxLines);
                Assert.InRange(state.Open?.Length ?? 0, 0, PushAssembler.MaxBytes);
            }

            state = random.Next(64) == 0 ? new() : state;
            decoder = new();
        });
        Assert.True(receipts > 10_000, $"only {receipts} receipts were put together: they prove little");
    }

    /// <summary>Masking gives as many bytes as it took, whatever they are and however they come.</summary>
    [Fact]
    public void A_mask_gives_as_many_bytes_as_it_took()
    {
        byte[] key = new byte[32];
        FuzzRun.Run("datecs mask", output, random => Frames(random.Next(2) == 0 ? IslDialect.X : IslDialect.Legacy, random), (input, random) =>
        {
            DatecsRecordingMask mask = new(key);
            int given = 0;
            FuzzRun.InPieces(input, random, piece => given += mask.Take(piece.Span).Length);
            Assert.Equal(input.Length, given + mask.Finish().Length);
        });
    }

    private static bool IsRow(string part) => part.StartsWith("0\tDT", StringComparison.Ordinal);

    private static byte[] XReplies(FakeDocument document)
    {
        string heading = $"0\t{document.Number}\t{document.Number}\t{document.At:dd-MM-yy HH:mm:ss}\t{document.Type}\t7\t";
        return Cyrillic.GetBytes(string.Join((char)LineEnd, new[] { heading }.Concat(document.Lines.Concat(document.Rows).Select(line => $"0\t{line}\t"))));
    }

    /// <summary>Replies whose data are damaged and whose check is right, so that what lies behind the check is reached; then the frame, too.</summary>
    private static Func<byte[]> Frames(IslDialect dialect, Random random)
    {
        byte[][] wires = [.. DatecsVectors.All.Where(vector => !DatecsVectors.Is(vector.GetProperty("means"), "push", "register")).Select(DatecsVectors.Wire)];
        byte[] text = Cyrillic.GetBytes(string.Join('\t', Documents[random.Next(Documents.Length)].Lines));
        return () =>
        {
            if (random.Next(3) == 0)
            {
                return DatecsNoise.Mutate(wires[random.Next(wires.Length)], random);
            }

            byte[] content = DatecsNoise.Mutate(text, random);
            int from = random.Next(content.Length + 1);
            int count = Math.Min(content.Length - from, random.Next(100));
            byte[] wire = FrameWriter.Reply(dialect, (byte)random.Next(0x20, 0x80), random.Next(0x20, 0x100), content.AsSpan(from, count), FrameWriter.Quiet(dialect));
            return random.Next(2) == 0 ? wire : DatecsNoise.Mutate(wire, random);
        };
    }

    /// <summary>A packet, damaged and of the right length half the time, with counters that go on so that not every receipt is torn.</summary>
    private static byte[] Pushed(byte[][] packets, char separator, ref int counter, Random random)
    {
        byte[] packet = packets[random.Next(packets.Length)];
        string[] fields = Cyrillic.GetString(packet, 6, packet.Length - 6).Split(separator);
        if (fields.Length > 8 && random.Next(8) != 0)
        {
            fields[^2] = $"{++counter}";
            fields[1] = $"{counter % 10}";
        }

        byte[] content = Cyrillic.GetBytes(string.Join(separator, fields));
        content = random.Next(3) == 0 ? DatecsNoise.Mutate(content, random) : content;
        content = content[..Math.Min(content.Length, PushPacket.MaxLength - PushPacket.Overhead)];
        byte[] wire = [(byte)(PushPacket.Overhead + content.Length), .. packet.AsSpan(1, 5), .. content];
        return random.Next(8) == 0 ? DatecsNoise.Mutate(wire, random) : wire;
    }

    private static void Feed(IslDecoder decoder, ReadOnlySpan<byte> bytes, List<IslPiece> pieces)
    {
        while (decoder.TryRead(ref bytes, out IslPiece piece))
        {
            pieces.Add(piece);
        }
    }

    private static void Feed(PushDecoder decoder, ReadOnlySpan<byte> bytes, List<PushPacket> packets)
    {
        while (decoder.TryRead(ref bytes, out PushPacket? packet))
        {
            packets.Add(packet!);
        }
    }

    private static string Shown(IslPiece piece) => piece switch
    {
        IslPiece.Reply { Frame: var frame } => $"reply {frame.Sequence} {frame.Command} {Convert.ToHexString(frame.Data.Span)}",
        IslPiece.Echo { Frame: var frame } => $"echo {frame.Sequence} {frame.Command} {Convert.ToHexString(frame.Data.Span)}",
        _ => piece.GetType().Name,
    };

    private static string Shown(PushPacket packet) => Convert.ToHexString(packet.ToBytes());

    private static void RequireIdentity(DatecsIdentity? identity)
    {
        if (identity is not null)
        {
            Assert.True(RegisterId.IsValid(identity.Serial) && identity.Shown.Length <= 60);
            Assert.NotEqual(0ul, DatecsEpoch.Of(identity.Serial, identity.Memory, 1));
        }
    }

    private static void ReadField(string field)
    {
        Assert.True(!DatecsAmount.TryOrdinal(field, out ulong ordinal) || ordinal <= uint.MaxValue);
        Assert.True(DatecsClock.Read(field, TimeSpan.FromHours(7)) is not { Year: < 2000 } at, $"a time before the registers were made in '{field}'");
        Assert.InRange(DatecsAmount.Shown(field).Length, 0, 41);
    }

    /// <summary>What is read is a sale that can be recorded, or is held in a sentence with the register's bytes.</summary>
    /// <returns>1 if it is a sale.</returns>
    private static int RequireRecord(JournalDocument document)
    {
        RegisterRecord record = document.ToRecord(Key);
        if (record.Unreadable is { } why)
        {
            Assert.StartsWith("expected ", why, StringComparison.Ordinal);
            Assert.Null(record.Sale);
            return 0;
        }

        if (record.Sale is { } sale)
        {
            Assert.NotEmpty(sale.Lines);
            return 1;
        }

        Assert.True(record.Kind is RecordKind.NoSale or RecordKind.DayClose);
        return 0;
    }

    /// <summary>Looks at what the assembler wants done; a question for goods is answered, whatever it asks for.</summary>
    /// <returns>Whether it is a receipt.</returns>
    private static bool RequireEffect(PushEffect effect)
    {
        switch (effect)
        {
            case PushEffect.Ended { Receipt: var receipt }:
                RegisterRecord record = receipt.ToRecord(Key);
                Assert.InRange(record.Bytes.Length, 1, PushAssembler.MaxBytes);
                Assert.True(record.Unreadable is null || record.Sale is null);
                return true;
            case PushEffect.Asked asked:
                Assert.InRange(GoodsAnswer.Of(asked.Code, asked.Log, new("Cà phê sữa đá", 2, 29000), ';').ToBytes().Length, 1, 1 + PushPacket.MaxLength);
                return false;
            default:
                return false;
        }
    }
}
