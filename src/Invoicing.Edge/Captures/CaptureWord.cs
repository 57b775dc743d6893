using Invoicing.Sales;

namespace Invoicing.Edge.Captures;

/// <summary>What a captured print is, as commands spell it.</summary>
internal static class CaptureWord
{
    private static readonly (CaptureClass Class, string Word)[] Words =
    [
        (CaptureClass.Unjudged, "unjudged"), (CaptureClass.Sale, "sale"), (CaptureClass.Reprint, "reprint"), (CaptureClass.Copy, "copy"),
        (CaptureClass.Kitchen, "kitchen"), (CaptureClass.ProForma, "pro-forma"), (CaptureClass.ImageOnly, "image-only"),
        (CaptureClass.Untrusted, "untrusted"), (CaptureClass.Torn, "torn"), (CaptureClass.TotalsDiffer, "totals-differ"),
        (CaptureClass.NoReceiptNumber, "no-receipt-number"), (CaptureClass.Other, "other"), (CaptureClass.NotRead, "not-read"),
    ];

    /// <summary>All words, for a sentence.</summary>
    public static string All { get; } = string.Join(", ", Words.Select(pair => pair.Word));

    /// <summary>The word of a class.</summary>
    public static string Of(CaptureClass kind) => Array.Find(Words, pair => pair.Class == kind).Word;

    /// <summary>The class of a word; <see langword="null"/> if it is none.</summary>
    public static CaptureClass? Find(string word) =>
        Array.FindIndex(Words, pair => pair.Word == word) is >= 0 and int at ? Words[at].Class : null;

    /// <summary>Whether a template that reads a print so has to be put right, or the print looked at: a sale may hide in it.</summary>
    public static bool IsMisread(CaptureClass kind) => kind is CaptureClass.TotalsDiffer or CaptureClass.NoReceiptNumber or CaptureClass.NotRead;
}
