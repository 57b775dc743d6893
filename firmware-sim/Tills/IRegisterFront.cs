namespace FirmwareSim.Tills;

/// <summary>The side of a register that the line is plugged into: one protocol.</summary>
internal interface IRegisterFront
{
    /// <summary>Connections that it serves at the same time.</summary>
    int Together { get; }

    /// <summary>Whether everything that was rung up has been handed over, as far as a register can know.</summary>
    bool HasGivenAll { get; }

    /// <summary>Whether somebody hears what it says by itself; a register that is asked needs nobody.</summary>
    bool IsHeard => true;

    /// <summary>Serves one connection until it ends.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    /// <exception cref="LineBrokenException">A fault has broken the line.</exception>
    Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken);

    /// <summary>A document was begun. Called on the seller's task.</summary>
    void Began(RungReceipt receipt);

    /// <summary>A document was closed. Called on the seller's task.</summary>
    void Closed(RungReceipt receipt);

    /// <summary>The power was gone: what is not in the book or in a journal is forgotten.</summary>
    void Restart();
}
