namespace Invoicing.Registers.Eutron.Framing;

/// <summary>What the receiver makes of a byte.</summary>
internal enum Heard
{
    /// <summary>Nothing yet.</summary>
    Nothing,

    /// <summary>The register wants to send: it is to be answered by <see cref="EutronFrame.Ack"/>.</summary>
    Start,

    /// <summary>A record came whole: <see cref="EutronReceiver.Data"/>.</summary>
    Record,

    /// <summary>A record came, and its sum or length is wrong.</summary>
    Broken,

    /// <summary>The register took what was sent.</summary>
    Ack,

    /// <summary>The register did not take what was sent.</summary>
    Nak,
}
