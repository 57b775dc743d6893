using System.Text;

namespace FirmwareSim.Datecs;

/// <summary>Text of this family.</summary>
internal static class DatecsText
{
    /// <summary>Windows-1251, always: also where the printer has another code page (§1.5, command 119).</summary>
    public static Encoding Cyrillic { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
}
