using System.Collections.Immutable;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Puts receipts together from events: <c>(state, packet) → (state, effects)</c>. Pure.</summary>
/// <remarks>
/// Lost messages are seen by UN, which rises by one, and by SeqN, which does so modulo 10 also in questions. A receipt from which a message may
/// be missing is torn: it is never made a sale.
/// </remarks>
internal sealed class PushAssembler(char separator, Encoding encoding, int minorDigits)
{
    /// <summary>Most lines of a receipt: what the registers' documents allow.</summary>
    public const int MaxLines = 512;

    /// <summary>Longest receipt: what a record may be.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int AnnulledType = 10;
    private const int OrderType = 14;

    /// <summary>Takes a packet.</summary>
    public (PushState State, ImmutableArray<PushEffect> Effects) Step(PushState state, PushPacket packet)
    {
        if (packet.Set != PushPacket.EcrServer || !IsEvent(packet.Operation))
        {
            return (state, [new PushEffect.Counted("packets of no known kind")]);
        }

        PushFields fields = new(packet, separator, encoding);
        if (!RegisterId.IsValid(fields.Register) || (state.Register.Length > 0 && state.Register != fields.Register))
        {
            string expected = state.Register.Length > 0 ? $"events of register {state.Register}" : "a register's number";
            return (state, [new PushEffect.Wrong($"expected {expected}, found '{DatecsAmount.Shown(fields.Register)}'")]);
        }

        state = state with { Register = fields.Register };
        if (packet.Operation is PushOperation.AskCode or PushOperation.AskBarcode)
        {
            // A question counts in SeqN, where the model counts it, and not in UN.
            return (state with { Cycle = fields.Cycle ?? state.Cycle }, [new PushEffect.Asked(fields.Text(2), packet.Log)]);
        }

        ImmutableArray<PushEffect>.Builder effects = ImmutableArray.CreateBuilder<PushEffect>();
        state = Count(state, fields, effects);
        state = Turn(state, packet, fields, effects);
        return (state, effects.DrainToImmutable());
    }

    private static bool IsEvent(byte operation) => operation is PushOperation.Item or PushOperation.AskCode or PushOperation.AskBarcode
        or PushOperation.Discount or PushOperation.Payment or PushOperation.Cash or PushOperation.Closed or PushOperation.Department
        or PushOperation.Opened;

    /// <summary>Looks whether messages were lost before this one, and tears what is open if so.</summary>
    private static PushState Count(PushState state, PushFields fields, ImmutableArray<PushEffect>.Builder effects)
    {
        if (state.Counter is null && state.Cycle is null && state.Open is null)
        {
            // The first event that is heard: what was said since the last one that is recorded is lost.
            bool isNext = state.Recorded.TryGetValue(fields.Register, out ulong recorded) && fields.Counter == recorded + 1;
            return state with { Counter = fields.Counter, Cycle = fields.Cycle, IsUnheard = !isNext };
        }

        bool hasCounterGap = state.Counter is { } last && fields.Counter != last + 1;
        bool hasCycleGap = state.Cycle is { } cycle && fields.Cycle is { } now && now != (cycle + 1) % 10;
        state = state with { Counter = fields.Counter, Cycle = fields.Cycle };
        if (!hasCounterGap && !hasCycleGap)
        {
            return state;
        }

        effects.Add(new PushEffect.Counted("gaps in the register's counters"));
        return state with { HasGap = true, Open = state.Open is { } open ? Tear(open, "messages were lost on the way in the middle of it") : null };
    }

    private static PushReceipt Tear(PushReceipt receipt, string why) => receipt.Torn is null
        ? receipt with { Torn = $"expected all messages of receipt {receipt.Number}, found that {why}; ring it up from the register's journal" }
        : receipt;

    private PushState Turn(PushState state, PushPacket packet, PushFields fields, ImmutableArray<PushEffect>.Builder effects)
    {
        if (fields.Receipt is not { } number || number == 0)
        {
            effects.Add(new PushEffect.Counted("events without a receipt number"));
            return state with { HasGap = true };
        }

        if (state.Open is { } other && other.Number != number)
        {
            effects.Add(new PushEffect.Ended(Tear(other, "its end never came")));
            state = state with { Open = null };
        }

        if (packet.Operation == PushOperation.Cash)
        {
            PushReceipt cash = Add(new(state.Register, number) { IsCash = true, Day = fields.Text(8) }, packet);
            effects.Add(new PushEffect.Ended(cash));
            return state with { HasGap = false, IsUnheard = false };
        }

        PushReceipt receipt = Add(state.Open ?? Begin(state, fields, number, packet.Operation), packet);
        receipt = Read(receipt, packet.Operation, fields) with { Counter = fields.Counter };
        if (packet.Operation == PushOperation.Closed || receipt.IsAnnulled)
        {
            effects.Add(new PushEffect.Ended(receipt));
            return state with { Open = null, HasGap = false, IsUnheard = false };
        }

        return state with { Open = receipt };
    }

    /// <summary>A receipt begins whole if nothing was lost before it, or if its first event says that it is the first.</summary>
    private static PushReceipt Begin(PushState state, PushFields fields, ulong number, byte operation)
    {
        PushReceipt receipt = new(state.Register, number) { IsAfterGap = state.HasGap || state.IsUnheard };
        bool isFirst = fields.Place is 0 or 1 || operation == PushOperation.Opened;
        bool isSurelyWhole = isFirst && operation != PushOperation.Closed;
        return isSurelyWhole ? receipt : Tear(receipt, state.HasGap ? "messages were lost before it" : "it was open when this began to listen");
    }

    private static PushReceipt Add(PushReceipt receipt, PushPacket packet)
    {
        byte[] bytes = packet.ToBytes();
        return receipt.Length + bytes.Length > MaxBytes || receipt.Packets.Count >= 4 * MaxLines
            ? receipt with { Fault = receipt.Fault ?? $"expected a receipt of at most {MaxBytes} bytes and {4 * MaxLines} events, found more" }
            : receipt with { Packets = receipt.Packets.Add(bytes), Length = receipt.Length + bytes.Length };
    }

    private PushReceipt Read(PushReceipt receipt, byte operation, PushFields fields) => operation switch
    {
        PushOperation.Item or PushOperation.Department => ReadLine(receipt, operation == PushOperation.Department, fields),
        PushOperation.Discount => ReadDiscount(receipt, fields),
        PushOperation.Payment => ReadPayment(receipt, fields),
        PushOperation.Closed => ReadClosed(receipt, fields),
        _ => receipt,
    };

    private PushReceipt ReadLine(PushReceipt receipt, bool isDepartment, PushFields fields)
    {
        string? fault = receipt.Fault;
        Money price = fields.Amount(3, minorDigits, "the price of an item", ref fault);
        if (!DatecsAmount.TryQuantity(fields.Text(4), out decimal quantity) || decimal.Abs(quantity) > 1_000_000_000m)
        {
            fault ??= $"expected a quantity, found '{DatecsAmount.Shown(fields.Text(4))}'";
            quantity = 0;
        }

        Money off = fields.Text(5).Length == 0 ? Money.Zero : fields.Amount(5, minorDigits, "the discount of an item", ref fault);
        off = off < Money.Zero ? -off : off;
        if (receipt.Lines.Count >= MaxLines || fault is not null)
        {
            return receipt with { Fault = fault ?? $"expected at most {MaxLines} lines, found more" };
        }

        decimal product = quantity * price.Dong;
        if (decimal.Abs(product) > 999_999_999_999_999m)
        {
            return receipt with { Fault = $"expected a line of at most 15 digits, found {quantity} × {price.Dong}" };
        }

        var amount = Money.Round(product);
        return receipt with
        {
            Lines = receipt.Lines.Add(new()
            {
                Code = isDepartment ? null : fields.Text(2),
                Department = isDepartment ? fields.Text(2) : null,
                Name = string.Empty,
                Quantity = quantity,
                UnitPrice = price.Dong,
                Discount = off,
                Rate = null,
                Amount = quantity < 0 ? amount + off : amount - off,
            }),
        };
    }

    /// <summary>Type 0 percent and 2 amount off the last line, 1 percent and 3 amount off the subtotal; <c>suma</c> is what it comes to.</summary>
    private PushReceipt ReadDiscount(PushReceipt receipt, PushFields fields)
    {
        string? fault = receipt.Fault;
        Money off = fields.Amount(3, minorDigits, "a discount", ref fault);
        string type = fields.Text(2);
        bool isReturn = receipt.Lines.Count > 0 && receipt.Lines.TrueForAll(static line => line.Quantity < 0);
        if (isReturn)
        {
            off = off < Money.Zero ? -off : off; // of goods given back, their discount is taken back
        }
        else if (off < Money.Zero)
        {
            fault ??= $"expected a discount of 0 or more, found {off}: a surcharge";
        }

        if (fault is not null)
        {
            return receipt with { Fault = fault };
        }

        switch (type)
        {
            case "0" or "2" when receipt.Lines.Count > 0:
                SaleLine last = receipt.Lines[^1];
                last = last with { Discount = last.Discount + off, Amount = last.Quantity < 0 ? last.Amount + off : last.Amount - off };
                return receipt with { Lines = receipt.Lines.SetItem(receipt.Lines.Count - 1, last) };
            case "1" or "3":
                return receipt with { Discount = receipt.Discount + off };
            default:
                return receipt with { Fault = $"expected a discount of type 0 to 3 behind a line, found type '{DatecsAmount.Shown(type)}'" };
        }
    }

    private PushReceipt ReadPayment(PushReceipt receipt, PushFields fields)
    {
        string? fault = receipt.Fault;
        receipt = receipt with { Cashier = fields.Text(3), Day = fields.Text(8) };
        ulong? type = fields.Ordinal(2);
        if (type is AnnulledType)
        {
            return receipt with { IsAnnulled = true };
        }

        if (type is OrderType)
        {
            return receipt;
        }

        Money amount = fields.Amount(10, minorDigits, "a payment", ref fault);
        return receipt with
        {
            Fault = fault ?? (receipt.Payments.Count >= MaxLines ? "expected fewer payments" : null),
            Payments = receipt.Payments.Count >= MaxLines ? receipt.Payments : receipt.Payments.Add(new(MeansOf(type), amount)),
        };
    }

    /// <summary>The closing event has the fields of a payment; a model that states no amount there has it in its payments.</summary>
    private PushReceipt ReadClosed(PushReceipt receipt, PushFields fields)
    {
        string? fault = receipt.Fault;
        Money? total = fields.Count >= 13 ? fields.Amount(10, minorDigits, "the total of a receipt", ref fault) : null;
        if (receipt.Lines.Count == 0)
        {
            fault ??= "expected lines in a receipt, found none";
        }

        return receipt with { Fault = fault, Total = total, Day = fields.Count >= 13 ? fields.Text(8) : receipt.Day };
    }

    /// <summary>Types 2 and 3 are check and card, or card and check.</summary>
    private PaymentMeans MeansOf(ulong? type) => (type, separator) switch
    {
        (0, _) => PaymentMeans.Cash,
        (1, _) => PaymentMeans.Credit,
        (2, '\t') or (3, ';') => PaymentMeans.Card,
        (4 or 5, _) => PaymentMeans.Voucher,
        _ => PaymentMeans.Other,
    };
}
