namespace Invoicing.Registers.Text;

/// <summary>The tables of TCVN 5712 and of the two pages of TCVN-3 that receipt printers split it into.</summary>
/// <remarks>
/// Sixteen characters a row from A0h; a blank is undefined. Page 1 (<c>ESC t 30</c>) has the small letters, page 2 (<c>ESC t 31</c>) the
/// capitals at the same places, except for the letters without a tone. The capitals that TCVN 5712-1 puts on control codes (01h to 17h)
/// cannot come over a printer's line, where these are commands. Source: registers.md §2.5.
/// </remarks>
internal static class TcvnTables
{
    private const string LowerRows =
        "        ăâêôơưđ " + "     àảãáạ ằẳẵắ " + "      ặầẩẫấậè ẻẽ" + "éẹềểễếệìỉ   ĩíịò" + " ỏõóọồổỗốộờởỡớợù" + " ủũúụừửữứựỳỷỹýỵ ";

    private const string CapitalRows =
        " ĂÂ    Đ  ÊÔƠƯ  " + "     ÀẢÃÁẠ ẰẲẴẮ " + "      ẶẦẨẪẤẬÈ ẺẼ" + "ÉẸỀỂỄẾỆÌỈ   ĨÍỊÒ" + " ỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ" + " ỦŨÚỤỪỬỮỨỰỲỶỸÝỴ ";

    private const string BothRows =
        "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ" + "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ" + "\u00A0ĂÂÊÔƠƯĐăâêôơưđẰ" + "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
        + "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ" + "éẹềểễếệìỉỄẾỒĩíịò" + "Ổỏõóọồổỗốộờởỡớợù" + "ỖủũúụừửữứựỳỷỹýỵỐ";

    /// <summary>TCVN-3 page 1.</summary>
    internal static char[] Lower() => Table(LowerRows);

    /// <summary>TCVN-3 page 2.</summary>
    internal static char[] Capitals() => Table(CapitalRows);

    /// <summary>TCVN 5712-1, as far as it does not collide with commands.</summary>
    internal static char[] Both() => Table(BothRows);

    private static char[] Table(string rows)
    {
        char[] table = new char[256];
        for (int i = 0; i < table.Length; i++)
        {
            int at = i - (table.Length - rows.Length);
            table[i] = i < 0x80 ? (char)i : at < 0 || rows[at] == ' ' ? CodePage.Undefined : rows[at];
        }

        return table;
    }
}
