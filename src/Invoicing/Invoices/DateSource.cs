namespace Invoicing.Invoices;

/// <summary>Where an invoice's date of issue comes from (design.md 5.10). The numbers stand in signed bytes and never change.</summary>
public enum DateSource
{
    /// <summary>The register's closing time, because its clock was within 2 minutes of the device's.</summary>
    Register = 1,

    /// <summary>The time of recording, because the register's clock was not to be believed.</summary>
    Device = 2,
}
