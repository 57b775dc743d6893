namespace Invoicing.Registers.Lines;

/// <summary>A line's name and the node that it stands for at this opening.</summary>
/// <param name="Name">As configured; the line's name.</param>
/// <param name="Node">Path of the device node.</param>
internal sealed record PortPlace(string Name, string Node)
{
    /// <summary>A place whose name is its node.</summary>
    internal static PortPlace Of(string node) => new(node, node);

    /// <summary>The fault of this place, which tells the node where the name does not.</summary>
    internal LineUnavailableException Unavailable(string reason, Exception? innerException = null) =>
        new(Name, Name == Node ? reason : $"{Node}: {reason}", innerException);
}
