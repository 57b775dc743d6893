using System.Collections.Immutable;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Registers.EscPos;

/// <summary>Shows a person what a tap makes of captured jobs: before a code page and a template are chosen, and afterwards.</summary>
public static class EscPosPreview
{
    /// <summary>Reads a captured job as a tap of these settings does.</summary>
    /// <param name="piece">The job with its bytes.</param>
    /// <param name="options">The tap's settings.</param>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    public static ReceiptPreview Read(KeptCapture piece, TapOptions options)
    {
        ArgumentNullException.ThrowIfNull(piece);
        ArgumentNullException.ThrowIfNull(options);
        return new JobJudge(options).Preview(piece.Bytes, piece.IsWhole);
    }

    /// <summary>Makes a first template out of captured jobs, for a person to look at.</summary>
    /// <param name="jobs">Sales receipts of one till, at least one; of more than twelve the first are tried.</param>
    /// <param name="page">How the printer lays out text.</param>
    /// <param name="name">What the template will be called.</param>
    /// <exception cref="ArgumentException">There is no job, or the page has a fault.</exception>
    public static LearnedTemplate Learn(IEnumerable<ReadOnlyMemory<byte>> jobs, PageOptions page, string name)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(page);
        if (page.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(page));
        }

        return TemplateLearner.Learn([.. jobs.Select(job => PageReader.Read(job.Span, page).Lines)], name);
    }

    /// <summary>Shows a job's text under every code page, the likeliest first.</summary>
    public static ImmutableArray<CodePagePreview> CodePages(ReadOnlyMemory<byte> job) => CodePagePreview.Of(PageReader.TextRuns(job.Span));
}
