namespace FirmwareSim.Datecs;

/// <summary>What a register of the family answers, without frames.</summary>
internal interface IDatecsCommands
{
    /// <summary>Frames it speaks.</summary>
    IslDialect Dialect { get; }

    /// <summary>Whether every document was read.</summary>
    bool HasGivenAll { get; }

    /// <summary>The status bytes as they are now.</summary>
    byte[] Status();

    /// <summary>Carries a command out.</summary>
    /// <returns>DATA of the reply.</returns>
    string Answer(int command, string data);

    /// <summary>Forgets what was selected.</summary>
    void Restart();
}
