namespace Invoicing.Registers.Datecs;

/// <summary>How a register of the Datecs family is spoken with.</summary>
public enum DatecsVariant
{
    /// <summary>Legacy or X, found out by asking: first a legacy frame, which an X register refuses.</summary>
    Auto,

    /// <summary>X frames; documents by 124 and 125.</summary>
    X,

    /// <summary>Legacy frames; the electronic journal's text by 119.</summary>
    Isl,

    /// <summary>The register pushes events over TCP, fields end with a semicolon (DP-500 Plus v2).</summary>
    PushDp500,

    /// <summary>The register pushes events over TCP, fields end with a tab (WP-500).</summary>
    PushWp500,
}
