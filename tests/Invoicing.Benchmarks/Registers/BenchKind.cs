using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Benchmarks.Registers;

/// <summary>One kind of register: how the simulator plays it, and its driver.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Count">How many of them stand among the sixteen.</param>
/// <param name="Arguments">What the simulator is told beside line, serial, journal and speed.</param>
/// <param name="Driver">Makes its driver.</param>
internal sealed record BenchKind(
    string Name, int Count, string[] Arguments, Func<ILine, ISaleRecorder, ICaptureStore, string, IRegisterDriver> Driver)
{
    /// <summary>Whether the next bytes that go back are the acknowledgement; else it is that the record is durable.</summary>
    public bool IsAnswered { get; init; }

    private static readonly ReceiptTemplate Printed = ReceiptTemplate.Parse(TillTemplates.TwoLines, "two lines");

    /// <summary>The mixed sixteen.</summary>
    public static IReadOnlyList<BenchKind> All { get; } =
    [
        new("tlk", 4, [], (line, recorder, _, _) => new TlkDriver(line, recorder, new(), TimeProvider.System, NullLogger<TlkDriver>.Instance)) { IsAnswered = true },
        Datecs("datecs-x", 2, DatecsVariant.X),
        Datecs("datecs-isl", 2, DatecsVariant.Isl),
        Datecs("datecs-push", 2, DatecsVariant.PushDp500, "--wait"),
        new("eutron", 2, ["--protocol", "eutron"], (line, recorder, captures, _) => EutronDrivers.Create(
            line, new() { FromBeginning = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] }, recorder, captures, TimeProvider.System, NullLoggerFactory.Instance)),
        new("escpos", 2, ["--protocol", "escpos", "--status"], (line, recorder, captures, serial) => EscPosDrivers.Create(
            (line, null), recorder, captures, new() { Register = new(serial), Mode = TapMode.Virtual, Template = Printed }, TimeProvider.System, NullLoggerFactory.Instance)),
        new("line-text", 2, ["--protocol", "line-text"], (line, recorder, captures, serial) => LineTextDrivers.Create(
            line, new() { Register = new(serial), Start = "^\\s*cửa hàng mười$", End = "^\\s*cảm ơn quý khách", Template = Printed }, recorder, captures,
            TimeProvider.System, NullLoggerFactory.Instance)),
    ];

    private static BenchKind Datecs(string name, int count, DatecsVariant variant, params string[] more) =>
        new(name, count, ["--protocol", name, .. more], (line, recorder, _, _) => DatecsDrivers.Create(
            line, recorder, new() { Variant = variant, FromBeginning = true }, TimeProvider.System, NullLoggerFactory.Instance));
}
