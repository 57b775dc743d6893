using System.Text;
using Invoicing.Gateway.Captures;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Captures;

/// <summary>A folder with a file of captures, and short words for what tests do with it.</summary>
internal sealed class CaptureShelf : IDisposable
{
    public static readonly RegisterId Till = new("TILL-1");
    public static readonly DateTimeOffset Noon = new(2026, 7, 1, 5, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public string JournalPath => _folder.File("journal.db");

    public string Path => CaptureStore.PathOf(JournalPath);

    public string Folder => _folder.Path;

    /// <summary>Up to which record the journal is durable, as the store is told.</summary>
    public ulong Durable { get; set; }

    public CaptureSeams Seams { get; } = new();

    public CaptureStore Open(long maxBytes = CaptureStore.DefaultMaxBytes) => new(JournalPath, (_, _) => Durable, maxBytes, Seams);

    public static Task<long> Keep(ICaptureBook book, string text, bool isWhole = true, DateTimeOffset? at = null) =>
        book.KeepAsync(at ?? Noon, isWhole, Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken).Soon();

    public static Task<KeptCapture> Sold(ICaptureBook book, long number, string key) =>
        Judge(book, number, new(CaptureClass.Sale, "a receipt", key, TakesRecord: true));

    public static Task<KeptCapture> Judge(ICaptureBook book, long number, CaptureJudgement judgement) =>
        book.JudgeAsync(number, judgement, TestContext.Current.CancellationToken).Soon();

    public static string Text(KeptCapture piece) => Encoding.UTF8.GetString(piece.Bytes.Span);

    public void Dispose() => _folder.Dispose();
}
