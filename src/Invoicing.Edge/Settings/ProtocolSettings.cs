using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>What a register speaks, with the settings of that protocol. A closed family.</summary>
/// <remarks>
/// Keys of a register's object beside <c>line</c>: <c>protocol</c> (<c>tlk</c> unless said), <c>register</c> (its serial: the only one welcome on the
/// line), <c>history</c> (<c>none</c> or <c>all</c>: whether a register that is met for the first time is read from its beginning); those of the
/// protocols stand on their records.
/// </remarks>
internal abstract partial record ProtocolSettings
{
    private const string Known = "tlk, datecs, eutron, escpos or line-text";

    private ProtocolSettings()
    {
    }

    /// <summary>Its name in the configuration.</summary>
    public abstract string Name { get; }

    /// <summary>Whether what it says is captured first and read from the capture: it cannot be asked again.</summary>
    public virtual bool IsCaptured => false;

    /// <summary>A second line that the protocol needs, and what hangs on it; <see langword="null"/> if there is none.</summary>
    public virtual (LineAddress Line, string What)? Second => null;

    /// <summary>The only register welcome; <see langword="null"/> for whichever is there.</summary>
    public RegisterId? Register { get; init; }

    /// <summary>Reads the keys of a register's protocol.</summary>
    /// <param name="json">The register's object.</param>
    /// <param name="folder">What paths are relative to.</param>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static ProtocolSettings Read(JsonSettings json, string folder)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string name = json.OptionalText("protocol") ?? "tlk";
        RegisterId? register = json.OptionalText("register") is not { } serial ? null
            : RegisterId.IsValid(serial) ? new RegisterId(serial)
            : throw json.Fault("register", $"a register's serial of 1 to {RegisterId.MaxLength} printable characters", $"'{serial}'");
        return name switch
        {
            "tlk" => Tlk.Read(json, register, folder),
            "datecs" => Datecs.Read(json, register),
            "eutron" => Eutron.Read(json, register),
            "escpos" => EscPos.Read(json, register, folder),
            "line-text" => LineText.Read(json, register, folder),
            _ => throw json.Fault("protocol", Known, $"'{name}'"),
        };
    }

    private static bool ReadHistory(JsonSettings json) => (json.OptionalText("history") ?? "none") switch
    {
        "none" => false,
        "all" => true,
        { } other => throw json.Fault("history", "none (what was rung up before is one gap) or all", $"'{other}'"),
    };

    /// <summary>TLK/1: <c>pairing_key_file</c> (64 hexadecimal digits, as pairing put them into the register; needed on a network),
    /// <c>demands_sealing</c> (true unless said: a register that does not seal is refused where there is a key).</summary>
    public sealed record Tlk(TlkOptions Options) : ProtocolSettings
    {
        /// <summary>What the gateway calls itself on the line.</summary>
        private const string Gateway = "invoicing-edge";

        /// <summary>The protocol without any setting.</summary>
        public static Tlk Plain { get; } = new(new TlkOptions { Gateway = Gateway });

        /// <inheritdoc/>
        public override string Name => "tlk";

        internal static Tlk Read(JsonSettings json, RegisterId? register, string folder)
        {
            TlkOptions options = new()
            {
                Gateway = Gateway,
                Register = register,
                DemandsSealing = json.Flag("demands_sealing", byDefault: true),
                PairingKey = json.OptionalText("pairing_key_file") is { } file ? ReadKey(json, Path.Combine(folder, file)) : (ReadOnlyMemory<byte>?)null,
            };
            return new(options) { Register = register };
        }

        private static ReadOnlyMemory<byte>? ReadKey(JsonSettings json, string path)
        {
            try
            {
                byte[] key = Convert.FromHexString(File.ReadAllText(path).Trim());
                return key.Length == TlkOptions.PairingKeyLength
                    ? key
                    : throw json.Fault("pairing_key_file", $"a file of {2 * TlkOptions.PairingKeyLength} hexadecimal digits", $"{2 * key.Length} in {path}");
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
            {
                // The text of the file is a secret and is not told.
                throw json.Fault("pairing_key_file", $"a file of {2 * TlkOptions.PairingKeyLength} hexadecimal digits", $"{path}: {fault.GetType().Name}");
            }
        }
    }

    /// <summary>
    /// Datecs: <c>variant</c> (<c>auto</c>, <c>x</c>, <c>isl</c>, <c>push-dp500</c>, <c>push-wp500</c>), <c>minor_digits</c> 0 to 3, <c>code_page</c>, <c>tax_rates</c>
    /// (<c>{ "A": "8%" }</c>), <c>poll</c>, <c>life</c>, <c>restarts_at_day_close</c>, <c>journal_line</c> (where a register that pushes is asked for what was lost).
    /// </summary>
    public sealed record Datecs(DatecsOptions Options, LineAddress? JournalLine) : ProtocolSettings
    {
        private static readonly Dictionary<string, DatecsVariant> Variants = new(StringComparer.Ordinal)
        {
            ["auto"] = DatecsVariant.Auto,
            ["x"] = DatecsVariant.X,
            ["isl"] = DatecsVariant.Isl,
            ["push-dp500"] = DatecsVariant.PushDp500,
            ["push-wp500"] = DatecsVariant.PushWp500,
        };

        /// <inheritdoc/>
        public override string Name => "datecs";

        /// <inheritdoc/>
        public override (LineAddress Line, string What)? Second => JournalLine is null ? null : (JournalLine, "its journal");

        /// <summary>The driver's options, with the line that was opened to the register's journal.</summary>
        public DatecsOptions With(ILine? journal) => new()
        {
            Variant = Options.Variant,
            Register = Options.Register,
            FromBeginning = Options.FromBeginning,
            MinorDigits = Options.MinorDigits,
            CodePage = Options.CodePage,
            TaxRates = Options.TaxRates,
            PollPause = Options.PollPause,
            Life = Options.Life,
            RestartsAtDayClose = Options.RestartsAtDayClose,
            JournalLine = journal,
        };

        internal static Datecs Read(JsonSettings json, RegisterId? register)
        {
            string variant = json.OptionalText("variant") ?? "auto";
            DatecsOptions options = new()
            {
                Variant = Variants.TryGetValue(variant, out DatecsVariant known)
                    ? known
                    : throw json.Fault("variant", string.Join(", ", Variants.Keys), $"'{variant}'"),
                Register = register,
                FromBeginning = ReadHistory(json),
                MinorDigits = (int)json.Number("minor_digits", 0, 3, 0),
                CodePage = (int)json.Number("code_page", 1, ushort.MaxValue, DatecsOptions.DefaultCodePage),
                TaxRates = ReadRates(json),
                PollPause = json.Duration("poll", TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1), DatecsOptions.DefaultPollPause),
                Life = (int)json.Number("life", 1, 1000, 1),
                RestartsAtDayClose = json.Flag("restarts_at_day_close", byDefault: false),
            };
            LineAddress? journal = json.OptionalText("journal_line") is { } line ? ParseLine(json, "journal_line", line) : null;
            return options.Fault() is { } fault
                ? throw json.Fault("protocol", "settings that fit together", fault)
                : new Datecs(options, journal) { Register = register };
        }

        private static ImmutableDictionary<string, TaxRate>? ReadRates(JsonSettings json)
        {
            if (json.OptionalObject("tax_rates") is not { } rates)
            {
                return null;
            }

            ImmutableDictionary<string, TaxRate>.Builder read = ImmutableDictionary.CreateBuilder<string, TaxRate>(StringComparer.Ordinal);
            foreach (string group in rates.Keys)
            {
                string text = rates.Text(group);
                read[group] = TaxRate.TryParse(text, out TaxRate rate) ? rate : throw rates.Fault(group, "0%, 5%, 8%, 10%, KCT, KKKNT or KHAC:AB.CD%", $"'{text}'");
            }

            rates.Done();
            return read.ToImmutable();
        }
    }

    /// <summary>
    /// Eutron ER-2xx: <c>dialect</c> (<c>serial</c> or <c>tcp</c>), <c>plu_table</c>, <c>tenders</c> (means of payment of the tender keys, 0 to 7), <c>poll</c>,
    /// <c>reads_twice</c> (true for a bad serial line: each record is refused once and compared; the register shows an error for each).
    /// </summary>
    public sealed record Eutron(EutronOptions Options) : ProtocolSettings
    {
        /// <inheritdoc/>
        public override string Name => "eutron";

        internal static Eutron Read(JsonSettings json, RegisterId? register)
        {
            string dialect = json.OptionalText("dialect") ?? "serial";
            EutronOptions options = new()
            {
                Register = register,
                FromBeginning = ReadHistory(json),
                IsTcp = dialect switch
                {
                    "serial" => false,
                    "tcp" => true,
                    _ => throw json.Fault("dialect", "serial or tcp (port 7000)", $"'{dialect}'"),
                },
                PluTable = (int)json.Number("plu_table", 0, ushort.MaxValue, EutronOptions.DefaultPluTable),
                ReadsTwice = json.Flag("reads_twice", byDefault: false),
                Tenders = json.Numbers("tenders", 0, 7) is { Count: > 0 } tenders ? [.. tenders.Select(means => (PaymentMeans)means)] : [PaymentMeans.Cash],
                PollPause = json.Duration("poll", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(2)),
            };
            return options.Fault() is { } fault
                ? throw json.Fault("protocol", "settings that fit together", fault)
                : new Eutron(options) { Register = register };
        }
    }

    /// <summary>The name of a till that says nothing of itself; its captures and sales are kept under it.</summary>
    private static RegisterId RequireName(JsonSettings json, RegisterId? register) =>
        register ?? throw json.Fault("register", "a name for the till, which says none of itself", "nothing");

    private static CodePage ReadPage(JsonSettings json, string key, CodePage byDefault) => json.OptionalText(key) is not { } name
        ? byDefault
        : CodePage.Find(name) ?? throw json.Fault(key, $"one of {string.Join(", ", CodePage.All.Select(page => page.Name))}", $"'{name}'");

    private static ReceiptTemplate? ReadTemplate(JsonSettings json, string folder)
    {
        if (json.OptionalText("template") is not { } name)
        {
            return null;
        }

        string path = Path.Combine(folder, name);
        try
        {
            return TemplateFile.Read(path);
        }
        catch (SettingsException)
        {
            throw; // names the file, the key in it, what was expected and what was found
        }
        catch (InvoicingException fault)
        {
            throw json.Fault("template", "a readable file with a template, as 'template learn' writes it", fault.Message);
        }
    }

    private static LineAddress ParseLine(JsonSettings json, string key, string text)
    {
        try
        {
            return LineAddress.Parse(text);
        }
        catch (FormatException fault)
        {
            throw json.Fault(key, "a line", fault.Message);
        }
    }
}
