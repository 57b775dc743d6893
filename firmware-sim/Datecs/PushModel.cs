namespace FirmwareSim.Datecs;

/// <summary>Models that push what is rung up (§1.7).</summary>
internal enum PushModel
{
    /// <summary>DP-500 Plus: fields end with a semicolon.</summary>
    Dp500,

    /// <summary>WP-500: fields end with TAB, other numbers for card and check, tells when a receipt is opened.</summary>
    Wp500,
}
