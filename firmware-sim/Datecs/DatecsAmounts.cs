using System.Globalization;

namespace FirmwareSim.Datecs;

/// <summary>Numbers as a register of this family writes them.</summary>
internal static class DatecsAmounts
{
    /// <summary>Whole đồng with the two decimals that the firmware always has.</summary>
    public static string Money(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount}.00");

    /// <summary>Thousandths with three decimals.</summary>
    public static string Quantity(long thousandths) => (thousandths / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Hundredths of a percent with two decimals.</summary>
    public static string Percent(long hundredths) => (hundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Date and time, <c>DD-MM-YY hh:mm:ss</c>.</summary>
    public static string Clock(DateTime local) => local.ToString("dd-MM-yy HH:mm:ss", CultureInfo.InvariantCulture);
}
