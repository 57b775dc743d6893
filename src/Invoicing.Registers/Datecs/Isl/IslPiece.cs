namespace Invoicing.Registers.Datecs.Isl;

/// <summary>What a decoder makes of the bytes that a register sends. A closed family.</summary>
internal abstract record IslPiece
{
    private IslPiece()
    {
    }

    /// <summary>A reply.</summary>
    public sealed record Reply(IslFrame Frame) : IslPiece;

    /// <summary>A request: the register sends back what it was sent, so it is not in PC mode, or the cable bridges its own ends.</summary>
    public sealed record Echo(IslFrame Frame) : IslPiece;

    /// <summary>The register is at work.</summary>
    public sealed record Busy : IslPiece
    {
        public static readonly Busy Sign = new();
    }

    /// <summary>The register did not understand.</summary>
    public sealed record Refused : IslPiece
    {
        public static readonly Refused Sign = new();
    }

    /// <summary>Something of a frame's length that is not one: noise on the line.</summary>
    public sealed record Damaged : IslPiece
    {
        public static readonly Damaged Sign = new();
    }
}
