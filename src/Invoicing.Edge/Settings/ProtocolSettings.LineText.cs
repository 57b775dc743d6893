using Invoicing.Registers.LineText;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

internal abstract partial record ProtocolSettings
{
    /// <summary>
    /// Receipts as plain lines of text: <c>register</c> (needed: text says no name of itself), <c>start</c>, <c>end</c> (regular expressions of a receipt's first and last
    /// line, without marks and case; without <c>end</c> a receipt is over when the line falls silent), <c>idle_limit</c> (1 s to 10 min), <c>max_line</c> (40 to 4096 bytes),
    /// <c>max_lines</c> (10 to 2000), <c>code_page</c>, <c>template</c> (a file; without it receipts are kept and nothing is invoiced).
    /// </summary>
    public sealed record LineText(LineTextOptions Options) : ProtocolSettings
    {
        /// <inheritdoc/>
        public override string Name => "line-text";

        /// <inheritdoc/>
        public override bool IsCaptured => true;

        /// <summary>The driver's options with another template.</summary>
        public LineTextOptions With(ReceiptTemplate? template) => new()
        {
            Register = Options.Register,
            Start = Options.Start,
            End = Options.End,
            MaxLine = Options.MaxLine,
            MaxLines = Options.MaxLines,
            IdleTimeout = Options.IdleTimeout,
            CodePage = Options.CodePage,
            Template = template,
        };

        internal static LineText Read(JsonSettings json, RegisterId? register, string folder)
        {
            LineTextOptions defaults = new();
            LineTextOptions options = new()
            {
                Register = RequireName(json, register),
                Start = ReadPattern(json, "start"),
                End = ReadPattern(json, "end"),
                IdleTimeout = json.Duration("idle_limit", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), defaults.IdleTimeout),
                MaxLine = (int)json.Number("max_line", 40, 4_096, defaults.MaxLine),
                MaxLines = (int)json.Number("max_lines", 10, 2_000, defaults.MaxLines),
                CodePage = ReadPage(json, "code_page", CodePage.Named("utf-8")),
                Template = ReadTemplate(json, folder),
            };
            return options.Fault() is { } fault
                ? throw json.Fault("protocol", "settings that fit together", fault)
                : new LineText(options) { Register = options.Register };
        }

        /// <summary>A pattern is judged by itself first, so that the fault names its key.</summary>
        private static string? ReadPattern(JsonSettings json, string key) => json.OptionalText(key) is not { } pattern ? null
            : new LineTextOptions { Register = new("X"), Start = pattern }.Fault() is null
                ? pattern
                : throw json.Fault(key, "a regular expression of at most 1000 characters, without look-around and back references", $"'{pattern}'");
    }
}
