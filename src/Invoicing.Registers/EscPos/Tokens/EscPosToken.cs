namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>One piece of a printer's stream. Valid until the tokenizer is asked again, for its bytes are not copied.</summary>
/// <param name="kind">What it is.</param>
/// <param name="bytes">Its bytes, all of them.</param>
internal readonly ref struct EscPosToken(EscPosKind kind, ReadOnlySpan<byte> bytes)
{
    /// <summary>What it is.</summary>
    internal EscPosKind Kind { get; } = kind;

    /// <summary>Its bytes, all of them; at least one.</summary>
    internal ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>The byte that names the command behind ESC, GS, FS or DLE; of a control byte that byte; else 0.</summary>
    internal byte Name => Kind switch
    {
        EscPosKind.Control => Bytes[0],
        EscPosKind.Esc or EscPosKind.Gs or EscPosKind.Fs or EscPosKind.RealTime => Bytes[1],
        _ => 0,
    };

    /// <summary>Whether it makes the job one that cannot be trusted.</summary>
    internal bool IsDoubtful => Kind is EscPosKind.Unknown or EscPosKind.Oversized or EscPosKind.Torn;

    /// <summary>Whether it leaves a mark on paper: text, a picture, a symbol.</summary>
    internal bool IsContent => Kind == EscPosKind.Text ? Bytes.ContainsAnyExcept((byte)' ') : IsSymbol || IsImage;

    /// <summary>Whether it prints a bar code or stores a two-dimensional one.</summary>
    internal bool IsSymbol => Kind == EscPosKind.Gs && (Name == 'k' || (Name == '(' && Bytes[2] == 'k' && Bytes.Length > 7 && Bytes[6] == 80));

    /// <summary>Whether it is a picture: raster, column or stored graphics.</summary>
    internal bool IsImage => Kind switch
    {
        EscPosKind.Oversized => true,
        EscPosKind.Esc => Name == '*',
        EscPosKind.Gs => Name is (byte)'v' or (byte)'Q' or (byte)'/' || IsPrintedGraphics,
        EscPosKind.Fs => Name == 'p',
        _ => false,
    };

    /// <summary>GS ( L and GS 8 L: functions that print, or fill what is printed next; the others keep pictures for later.</summary>
    private bool IsPrintedGraphics
    {
        get
        {
            int function = Name == '(' && Bytes[2] == 'L' ? 6 : Name == '8' ? 8 : int.MaxValue;
            return Bytes.Length > function && Bytes[function] is 2 or 50 or 69 or 85 or 112 or 113;
        }
    }

    /// <summary>Whether it cuts the paper: <c>GS V</c>, <c>ESC i</c>, <c>ESC m</c>.</summary>
    internal bool IsCut => (Kind == EscPosKind.Gs && Name == 'V') || (Kind == EscPosKind.Esc && Name is (byte)'i' or (byte)'m');

    /// <summary>Whether it opens a drawer: <c>ESC p</c>, <c>DLE DC4 1</c>.</summary>
    internal bool IsPulse => (Kind == EscPosKind.Esc && Name == 'p') || (Kind == EscPosKind.RealTime && Name == 0x14 && Bytes[2] == 1);

    /// <summary>Whether it asks the printer for an answer: <c>DLE EOT</c>, <c>GS r</c>, <c>GS I</c>, <c>GS a</c>.</summary>
    internal bool IsRequest => (Kind == EscPosKind.RealTime && Name == 4) || (Kind == EscPosKind.Gs && Name is (byte)'r' or (byte)'I' or (byte)'a');
}
