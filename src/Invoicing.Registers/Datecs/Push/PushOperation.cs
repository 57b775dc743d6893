namespace Invoicing.Registers.Datecs.Push;

/// <summary>Operations of the ECR-server link.</summary>
internal static class PushOperation
{
    /// <summary>The application opens, and the register says what it is.</summary>
    public const byte Open = 0x01;

    /// <summary>The application closes.</summary>
    public const byte Close = 0x02;

    /// <summary>The application answers a question for goods.</summary>
    public const byte Answer = 0x04;

    /// <summary>The application refuses a question for goods.</summary>
    public const byte Refuse = 0x05;

    /// <summary>An item was sold, or taken back within the receipt.</summary>
    public const byte Item = 0x80;

    /// <summary>The register asks for goods by code.</summary>
    public const byte AskCode = 0x81;

    /// <summary>The register asks for goods by bar code.</summary>
    public const byte AskBarcode = 0x84;

    /// <summary>A discount.</summary>
    public const byte Discount = 0x86;

    /// <summary>A payment, or that the receipt was annulled.</summary>
    public const byte Payment = 0x88;

    /// <summary>Cash into or out of the drawer.</summary>
    public const byte Cash = 0x8F;

    /// <summary>The receipt is closed.</summary>
    public const byte Closed = 0x92;

    /// <summary>A department was sold.</summary>
    public const byte Department = 0x93;

    /// <summary>A receipt was opened (WP-500).</summary>
    public const byte Opened = 0x95;
}
