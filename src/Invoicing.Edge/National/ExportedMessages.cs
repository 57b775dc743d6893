using Invoicing.NationalXml.Messages;

namespace Invoicing.Edge.National;

/// <summary>What an export made. Lists of messages only: a hundred thousand invoices are some hundred.</summary>
internal sealed class ExportedMessages
{
    public List<(string Id, string Type, string Path, int Invoices, int Bytes)> Messages { get; } = [];

    public List<(MessagePart Part, string Text)> LeftOut { get; } = [];

    /// <summary>Entries that are in a message already.</summary>
    public long Skipped { get; set; }

    /// <summary>Files of an export before that ended between taking a message down and naming its file.</summary>
    public int Finished { get; init; }
}
