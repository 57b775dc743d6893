namespace Invoicing.NationalXml.Documents;

/// <summary>One line as the law's file has it (HHDVu).</summary>
public sealed class LineDocument
{
    /// <summary>Its values.</summary>
    public Fields Fields { get; } = [];

    /// <summary>What special goods are (TTHHDTrung); empty on other lines.</summary>
    public Fields Special { get; } = [];
}
