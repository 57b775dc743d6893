using System.Collections.Immutable;
using Invoicing.Edge.Settings;
using Invoicing.Registers.EscPos;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Edge.Captures;

/// <summary>A till whose prints are captured, as it is configured: reads them as its driver does, and shows what other settings would make of them.</summary>
internal sealed class CapturedTill
{
    private readonly ProtocolSettings _protocol;

    private CapturedTill(ProtocolSettings protocol, RegisterId register)
    {
        _protocol = protocol;
        Register = register;
    }

    /// <summary>Its name; its book of captures bears it.</summary>
    public RegisterId Register { get; }

    /// <summary>What it speaks, as configured.</summary>
    public string Protocol => _protocol.Name;

    /// <summary>Its code page.</summary>
    public CodePage Page => _protocol is ProtocolSettings.EscPos tap ? tap.Options.Page.Text : ((ProtocolSettings.LineText)_protocol).Options.CodePage;

    /// <summary>Its template; <see langword="null"/> while there is none.</summary>
    public ReceiptTemplate? Template => _protocol is ProtocolSettings.EscPos tap ? tap.Options.Template : ((ProtocolSettings.LineText)_protocol).Options.Template;

    /// <summary>All that are configured.</summary>
    public static ImmutableArray<CapturedTill> All(IEnumerable<ProtocolSettings> protocols) =>
        [.. protocols.Where(protocol => protocol.IsCaptured).Select(protocol => new CapturedTill(protocol, protocol.Register!.Value))];

    /// <summary>The one of a name, or the only one there is.</summary>
    /// <param name="tills">All.</param>
    /// <param name="name">Its name; <see langword="null"/> if none was given.</param>
    /// <exception cref="InvoicingException">There is none, or more than one and no name.</exception>
    public static CapturedTill Choose(ImmutableArray<CapturedTill> tills, string? name)
    {
        string known = tills.IsEmpty ? "none: no register has protocol escpos or line-text" : string.Join(", ", tills.Select(till => till.Register.Value));
        return name is null
            ? tills.Length == 1 ? tills[0] : throw new InvoicingException($"expected --register with one of the tills that are captured, found none; there are: {known}")
            : tills.FirstOrDefault(till => till.Register.Value == name)
                ?? throw new InvoicingException($"expected a till that is captured, found '{name}'; there are: {known}");
    }

    /// <summary>Reads a print with a template, as the driver would.</summary>
    public ReceiptPreview Read(KeptCapture piece, ReceiptTemplate? template) => _protocol switch
    {
        ProtocolSettings.EscPos tap => EscPosPreview.Read(piece, tap.Options with { Template = template }),
        ProtocolSettings.LineText text => LineTextPreview.Read(piece, text.With(template)),
        _ => throw new InvalidOperationException($"expected a captured protocol, found {_protocol.Name}"),
    };

    /// <summary>Makes a first template out of prints, at least one.</summary>
    public LearnedTemplate Learn(IEnumerable<ReadOnlyMemory<byte>> prints, string name) => _protocol is ProtocolSettings.EscPos tap
        ? EscPosPreview.Learn(prints, tap.Options.Page, name)
        : LineTextPreview.Learn(prints, Page, name);

    /// <summary>A print's text under every code page, the likeliest first.</summary>
    public ImmutableArray<CodePagePreview> CodePages(ReadOnlyMemory<byte> print) =>
        _protocol is ProtocolSettings.EscPos ? EscPosPreview.CodePages(print) : LineTextPreview.CodePages(print);
}
