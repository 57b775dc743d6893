using System.Text;
using Invoicing.Registers.EscPos.Tokens;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What a printer answers to a till that asks for its status. Tills that get no answer often refuse to print.</summary>
/// <remarks>Source: registers.md §2.3.</remarks>
internal sealed class PrinterAnswers
{
    private const string Maker = "INVOICING";
    private const string Model = "VIRTUAL";

    private bool _tellsChanges;

    /// <summary>How the printer is.</summary>
    internal PrinterCondition Condition { get; private set; }

    /// <summary>Answers a question.</summary>
    /// <returns>The answer; empty if the piece is no question.</returns>
    internal byte[] Answer(EscPosToken token)
    {
        ReadOnlySpan<byte> bytes = token.Bytes;
        return (token.Kind, (char)token.Name) switch
        {
            (EscPosKind.RealTime, (char)4) => [RealTime(bytes[2])],
            (EscPosKind.Gs, 'r') => Transmit(bytes[2]),
            (EscPosKind.Gs, 'a') => Enable(bytes[2]),
            (EscPosKind.Gs, 'I') => Identify(bytes[2]),
            _ => [],
        };
    }

    /// <summary>Changes how the printer is.</summary>
    /// <returns>What a till that asked to be told is told; empty for another one, or if nothing changed.</returns>
    internal byte[] Become(PrinterCondition condition)
    {
        bool isChange = Condition != condition;
        Condition = condition;
        return isChange && _tellsChanges ? Automatic() : [];
    }

    private bool Is(PrinterCondition condition) => (Condition & condition) != PrinterCondition.Ready;

    private int Bit(PrinterCondition condition, int bits) => Is(condition) ? bits : 0;

    /// <summary>DLE EOT n: 12h and the bits of what is not well.</summary>
    private byte RealTime(byte n) => (byte)(0x12 | n switch
    {
        1 => Bit(PrinterCondition.Drawer, 0x04) | Bit(PrinterCondition.Offline | PrinterCondition.Cover | PrinterCondition.PaperEnd | PrinterCondition.Error | PrinterCondition.Cutter, 0x08),
        2 => Bit(PrinterCondition.Cover, 0x04) | Bit(PrinterCondition.FeedKey, 0x08) | Bit(PrinterCondition.PaperEnd, 0x20)
            | Bit(PrinterCondition.Error | PrinterCondition.Cutter, 0x40),
        3 => Bit(PrinterCondition.Error, 0x04) | Bit(PrinterCondition.Cutter, 0x08),
        4 => Bit(PrinterCondition.PaperNearEnd | PrinterCondition.PaperEnd, 0x0C) | Bit(PrinterCondition.PaperEnd, 0x60),
        _ => 0,
    });

    /// <summary>GS r n: 1 paper, 2 drawer, 4 ink.</summary>
    private byte[] Transmit(byte n) => n switch
    {
        1 or (byte)'1' => [(byte)(Is(PrinterCondition.PaperEnd) ? 0x0C : Bit(PrinterCondition.PaperNearEnd, 0x03))],
        2 or (byte)'2' => [(byte)Bit(PrinterCondition.Drawer, 0x01)],
        4 or (byte)'4' => [0],
        _ => [],
    };

    /// <summary>GS a n: the status by itself from now on, first of all as it is.</summary>
    private byte[] Enable(byte n)
    {
        _tellsChanges = n != 0;
        return _tellsChanges ? Automatic() : [];
    }

    private byte[] Automatic() =>
    [
        (byte)(0x10 | Bit(PrinterCondition.Drawer, 0x04) | Bit(PrinterCondition.Offline | PrinterCondition.Cover | PrinterCondition.PaperEnd, 0x08)
            | Bit(PrinterCondition.Cover, 0x20) | Bit(PrinterCondition.FeedKey, 0x40)),
        (byte)(Bit(PrinterCondition.Error, 0x04) | Bit(PrinterCondition.Cutter, 0x08)),
        (byte)(Is(PrinterCondition.PaperEnd) ? 0x0C : Bit(PrinterCondition.PaperNearEnd, 0x03)),
        0,
    ];

    /// <summary>GS I n: 1 to 3 one byte; 65 to 69 a text between 5Fh and 00h.</summary>
    private static byte[] Identify(byte n) => n switch
    {
        1 or (byte)'1' => [0x20],
        2 or (byte)'2' => [0x02], // has a cutter
        3 or (byte)'3' => [0x01],
        65 => Text("1.00"),
        66 => Text(Maker),
        67 => Text(Model),
        68 => Text("0"),
        69 => Text(string.Empty),
        _ => [],
    };

    private static byte[] Text(string text) => [0x5F, .. Encoding.ASCII.GetBytes(text), 0];
}
