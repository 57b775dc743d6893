namespace Invoicing.Gateway.Uplink;

/// <summary>What a finding means for sending.</summary>
internal enum SendingGoes
{
    /// <summary>On.</summary>
    On,

    /// <summary>Tried again after a while.</summary>
    BackOff,

    /// <summary>From the entry after the watermark.</summary>
    Resume,

    /// <summary>Again from the entry after an older watermark.</summary>
    Resend,

    /// <summary>The same body is signed again, once, and sent.</summary>
    SignAgain,

    /// <summary>Halted until a person has acted.</summary>
    Halt,
}
