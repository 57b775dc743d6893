namespace FirmwareSim.Replay;

/// <summary>How a recording is played.</summary>
/// <param name="IsLenient">
/// Requests may have another SEQ (Datecs frames), and replies are stamped with the one that came; of TLK/1, what the gateway says is compared
/// and not its bytes.
/// </param>
/// <param name="IsTimed">Pauses of the register are kept; otherwise it answers at once.</param>
/// <param name="Patience">How long to wait for what the gateway should send.</param>
internal sealed record ReplayOptions(bool IsLenient, bool IsTimed, TimeSpan Patience)
{
    /// <summary>Longer than a gateway that polls every few seconds.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>Who the register of TLK/1 says it is where the recording began after its HELLO; null: as a later HELLO says, or a name of our own.</summary>
    public string? Serial { get; init; }
}
