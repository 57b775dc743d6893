using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

internal abstract partial record ProtocolSettings
{
    /// <summary>
    /// A tap on a till that prints ESC/POS. <c>line</c>: where the till is, or what it calls; <c>register</c> (needed: it says no name of itself), <c>mode</c>
    /// (needed: <c>observe</c>, <c>gate</c> or <c>virtual</c>), <c>printer</c> (a serial or TCP client's line; not with <c>virtual</c>), <c>template</c> (a file; without it jobs
    /// are kept and nothing is invoiced), <c>code_page</c>, <c>code_pages</c> (<c>{ "30": "tcvn3-1" }</c>: what <c>ESC t n</c> selects), <c>columns</c>, <c>small_columns</c> (0 to 160; 0: lines
    /// end only where the till ends them), <c>idle_limit</c> (1 s to 60 s of silence end a job), <c>ends_without_cut</c>, <c>drawer_ends_job</c>,
    /// <c>hang_up_with_printer</c> (true for a till that calls by TCP); with <c>gate</c>: <c>time_limit</c> (1 s to 60 s), <c>at_limit</c> (<c>print</c> or <c>refuse</c>), <c>print</c>:
    /// <c>code_page</c>, <c>select</c> (its n), <c>dot_size</c> (1 to 16), <c>feed</c> (0 to 20 lines), and <c>confirms_paper</c> (true for a printer that
    /// answers <c>GS r 1</c>: a receipt that it lost is printed again).
    /// </summary>
    /// <param name="Options">The driver's options.</param>
    /// <param name="Printer">The printer's line; <see langword="null"/> where the tap stands in for it.</param>
    public sealed record EscPos(TapOptions Options, LineAddress? Printer) : ProtocolSettings
    {
        private const string Modes = "observe (bytes pass, nothing waits), gate (receipts wait for their invoices) or virtual (there is no printer)";

        private static readonly string[] GateKeys = ["time_limit", "at_limit", "print", "confirms_paper"];

        private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

        /// <inheritdoc/>
        public override string Name => "escpos";

        /// <inheritdoc/>
        public override bool IsCaptured => true;

        /// <inheritdoc/>
        public override (LineAddress Line, string What)? Second => Printer is null ? null : (Printer, "its printer");

        internal static EscPos Read(JsonSettings json, RegisterId? register, string folder)
        {
            RegisterId name = RequireName(json, register);
            TapMode mode = json.OptionalText("mode") switch
            {
                "observe" => TapMode.Observe,
                "gate" => TapMode.Gate,
                "virtual" => TapMode.Virtual,
                null => throw json.Fault("mode", Modes, "nothing"),
                { } other => throw json.Fault("mode", Modes, $"'{other}'"),
            };
            LineAddress? printer = ReadPrinter(json, mode);
            TapOptions options = new()
            {
                Register = name,
                Mode = mode,
                Page = ReadLayout(json),
                Template = ReadTemplate(json, folder),
                IdleLimit = json.Duration("idle_limit", TimeSpan.FromSeconds(1), LongestWait, TapOptions.DefaultIdleLimit),
                JobsEndWithoutCut = json.Flag("ends_without_cut", byDefault: false),
                PulseEndsJob = json.Flag("drawer_ends_job", byDefault: false),
                HangUpWithPrinter = json.Flag("hang_up_with_printer", json.OptionalText("line")?.StartsWith("tcp-listen:", StringComparison.Ordinal) ?? false),
            };
            options = ReadGate(json, options);
            return options.Fault() is { } fault
                ? throw json.Fault("protocol", "settings that fit together", fault)
                : new EscPos(options, printer) { Register = name };
        }

        private static LineAddress? ReadPrinter(JsonSettings json, TapMode mode)
        {
            if (json.OptionalText("printer") is not { } text)
            {
                return mode == TapMode.Virtual ? null : throw json.Fault("printer", "the printer's line, such as serial:/dev/ttyUSB1 or tcp:10.0.0.9:9100", "nothing");
            }

            if (mode == TapMode.Virtual)
            {
                throw json.Fault("printer", "none where the mode is virtual: the tap stands in for the printer", $"'{text}'");
            }

            LineAddress printer = ParseLine(json, "printer", text);
            return printer is LineAddress.Listen
                ? throw json.Fault("printer", "a serial line, or a printer that is called (tcp:HOST:PORT)", $"'{text}'")
                : string.Equals(text, json.OptionalText("line"), StringComparison.Ordinal) ? throw json.Fault("printer", "another line than the till's", $"'{text}' again")
                : printer;
        }

        private static PageOptions ReadLayout(JsonSettings json)
        {
            int columns = (int)json.Number("columns", 0, PageOptions.MostColumns, PageOptions.DefaultColumns);
            return new()
            {
                Text = ReadPage(json, "code_page", CodePage.Named("utf-8")),
                ByCommand = ReadPages(json),
                Columns = columns,
                // Font B is nine dots wide where font A is twelve.
                SmallColumns = (int)json.Number("small_columns", 0, PageOptions.MostColumns, Math.Min(columns * 4 / 3, PageOptions.MostColumns)),
            };
        }

        private static ImmutableDictionary<int, CodePage> ReadPages(JsonSettings json)
        {
            if (json.OptionalObject("code_pages") is not { } pages)
            {
                return ImmutableDictionary<int, CodePage>.Empty;
            }

            ImmutableDictionary<int, CodePage>.Builder read = ImmutableDictionary.CreateBuilder<int, CodePage>();
            foreach (string key in pages.Keys)
            {
                CodePage page = ReadPage(pages, key, CodePage.Named("utf-8"));
                read[byte.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
                    ? number
                    : throw pages.Fault(key, "the number of ESC t, 0 to 255", $"'{key}'")] = page;
            }

            pages.Done();
            return read.ToImmutable();
        }

        private static TapOptions ReadGate(JsonSettings json, TapOptions options)
        {
            if (options.Mode != TapMode.Gate)
            {
                string? key = GateKeys.FirstOrDefault(json.Keys.Contains);
                return key is null ? options : throw json.Fault(key, "it with mode gate only", "another mode, in which no receipt waits");
            }

            return options with
            {
                TimeLimit = json.Duration("time_limit", TimeSpan.FromSeconds(1), LongestWait, TapOptions.DefaultTimeLimit),
                AtLimit = (json.OptionalText("at_limit") ?? "print") switch
                {
                    "print" => LimitChoice.PrintPlain,
                    "refuse" => LimitChoice.Refuse,
                    { } other => throw json.Fault("at_limit", "print (with a line that says that it is not invoiced) or refuse (a slip; the receipt follows)", $"'{other}'"),
                },
                Block = ReadBlock(json),
                ConfirmsPaper = json.Flag("confirms_paper", byDefault: false),
            };
        }

        private static BlockOptions ReadBlock(JsonSettings json)
        {
            if (json.OptionalObject("print") is not { } print)
            {
                return new();
            }

            const int None = -1;
            int select = (int)print.Number("select", 0, byte.MaxValue, None);
            BlockOptions block = new()
            {
                Page = print.OptionalText("code_page") is null ? null : ReadPage(print, "code_page", CodePage.Named("utf-8")),
                PageNumber = select == None ? null : (byte)select,
                DotSize = (int)print.Number("dot_size", 1, 16, BlockOptions.DefaultDotSize),
                Feed = (int)print.Number("feed", 0, 20, BlockOptions.DefaultFeed),
            };
            print.Done();
            return block.PageNumber is not null && block.Page is null
                ? throw print.Fault("select", "code_page beside it: which page the number selects", "none")
                : block;
        }
    }
}
