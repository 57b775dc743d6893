using Invoicing.Edge.Settings;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.LineText;
using Invoicing.Sales;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Settings;

public sealed class ProtocolSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_register_speaks_the_till_link_unless_something_else_is_said()
    {
        ProtocolSettings.Tlk tlk = Assert.IsType<ProtocolSettings.Tlk>(Read("""{ "register": "SIM-0001" }"""));

        Assert.Equal("SIM-0001", tlk.Register?.Value);
        Assert.Null(tlk.Options.PairingKey);
        Assert.Null(tlk.Options.Fault());
    }

    [Fact]
    public void A_pairing_key_comes_from_its_file()
    {
        File.WriteAllText(_folder.File("till-1.key"), new string('a', 64) + "\n");

        ProtocolSettings.Tlk tlk = Assert.IsType<ProtocolSettings.Tlk>(Read("""{ "pairing_key_file": "till-1.key", "demands_sealing": false }"""));

        Assert.Equal(Enumerable.Repeat((byte)0xAA, 32), tlk.Options.PairingKey!.Value.ToArray());
        Assert.False(tlk.Options.DemandsSealing);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("abcd")]
    [InlineData("no hexadecimal digits at all")]
    public void A_pairing_key_that_is_none_is_named_and_never_told(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder.File("till-1.key"), text);
        }

        SettingsException fault = Assert.Throws<SettingsException>(() => Read("""{ "pairing_key_file": "till-1.key" }"""));

        Assert.Contains("64 hexadecimal digits", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text ?? "\0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Datecs_and_Eutron_are_read_with_their_keys()
    {
        ProtocolSettings.Datecs datecs = Assert.IsType<ProtocolSettings.Datecs>(Read("""
            { "protocol": "datecs", "register": "DT123456", "variant": "push-dp500", "history": "all", "minor_digits": 2, "tax_rates": { "A": "8%", "B": "KCT" },
              "journal_line": "tcp:10.0.0.7:4999", "restarts_at_day_close": true }
            """));
        ProtocolSettings.Eutron eutron = Assert.IsType<ProtocolSettings.Eutron>(Read("""{ "protocol": "eutron", "dialect": "tcp", "tenders": [ 0, 1 ], "poll": "5s" }"""));

        Assert.Equal((DatecsVariant.PushDp500, true, 2, true), (datecs.Options.Variant, datecs.Options.FromBeginning, datecs.Options.MinorDigits, datecs.Options.RestartsAtDayClose));
        Assert.Equal(["A", "B"], datecs.Options.TaxRates!.Keys.Order());
        Assert.Equal(new LineAddress.Tcp("10.0.0.7", 4999), datecs.JournalLine);
        Assert.Equal(datecs.Options.Register, datecs.With(journal: null).Register);
        Assert.True(eutron.Options.IsTcp);
        Assert.Equal([(PaymentMeans)0, (PaymentMeans)1], eutron.Options.Tenders);
        Assert.Equal(TimeSpan.FromSeconds(5), eutron.Options.PollPause);
    }

    [Fact]
    public void A_tap_is_read_with_all_its_keys()
    {
        File.WriteAllText(_folder.File("till.json"), """{ "total": "^tổng {amount}$" }""");

        ProtocolSettings.EscPos tap = Assert.IsType<ProtocolSettings.EscPos>(Read("""
            { "line": "serial:/dev/ttyUSB0", "protocol": "escpos", "register": "TILL-1", "mode": "gate", "printer": "tcp:10.0.0.9:9100", "time_limit": "7s", "at_limit": "refuse",
              "idle_limit": "4s", "ends_without_cut": true, "drawer_ends_job": true, "hang_up_with_printer": true, "code_page": "tcvn3-1", "code_pages": { "30": "tcvn3-2", "16": "cp1252" },
              "columns": 42, "small_columns": 56, "template": "till.json", "print": { "code_page": "cp1258", "select": 94, "dot_size": 5, "feed": 6 } }
            """));

        TapOptions options = tap.Options;
        Assert.Equal(new LineAddress.Tcp("10.0.0.9", 9100), tap.Printer);
        Assert.Equal("TILL-1", options.Register.Value);
        Assert.Equal((TapMode.Gate, LimitChoice.Refuse, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(4)), (options.Mode, options.AtLimit, options.TimeLimit, options.IdleLimit));
        Assert.True(options is { JobsEndWithoutCut: true, PulseEndsJob: true, HangUpWithPrinter: true });
        Assert.Equal(("tcvn3-1", 42, 56), (options.Page.Text.Name, options.Page.Columns, options.Page.SmallColumns));
        Assert.Equal(["16 cp1252", "30 tcvn3-2"], options.Page.ByCommand.OrderBy(page => page.Key).Select(page => $"{page.Key} {page.Value.Name}"));
        Assert.Contains("tổng", options.Template!.Parts.Values.First(pattern => pattern.Contains("amount", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(("cp1258", (byte)94, 5, 6), (options.Block.Page!.Name, options.Block.PageNumber!.Value, options.Block.DotSize, options.Block.Feed));
    }

    [Theory]
    [InlineData("serial:/dev/ttyUSB0", "observe", false)]
    [InlineData("tcp-listen:0.0.0.0:9100", "observe", true)]
    public void A_tap_has_defaults_and_hangs_up_with_its_printer_where_the_till_calls(string line, string mode, bool hangsUp)
    {
        ProtocolSettings.EscPos tap = Assert.IsType<ProtocolSettings.EscPos>(Read(
            $$"""{ "line": "{{line}}", "protocol": "escpos", "register": "TILL-1", "mode": "{{mode}}", "printer": "serial:/dev/ttyUSB1", "columns": 160 }"""));

        Assert.Equal((TapMode.Observe, hangsUp, "utf-8", 160, 160), (tap.Options.Mode, tap.Options.HangUpWithPrinter, tap.Options.Page.Text.Name, tap.Options.Page.Columns, tap.Options.Page.SmallColumns));
        Assert.Null(tap.Options.Template);
        Assert.Equal(TapOptions.DefaultIdleLimit, tap.Options.IdleLimit);
    }

    [Fact]
    public void Plain_lines_are_read_with_all_their_keys()
    {
        File.WriteAllText(_folder.File("till.json"), "{}");

        ProtocolSettings.LineText text = Assert.IsType<ProtocolSettings.LineText>(Read("""
            { "protocol": "line-text", "register": "TILL-2", "start": "^hóa đơn$", "end": "^cảm ơn", "idle_limit": "20s", "max_line": 80, "max_lines": 200, "code_page": "cp1258", "template": "till.json" }
            """));

        LineTextOptions options = text.Options;
        Assert.Equal(("TILL-2", "^hóa đơn$", "^cảm ơn"), (options.Register.Value, options.Start, options.End));
        Assert.Equal((TimeSpan.FromSeconds(20), 80, 200, "cp1258"), (options.IdleTimeout, options.MaxLine, options.MaxLines, options.CodePage.Name));
        LineTextOptions other = text.With(template: null);
        Assert.NotNull(options.Template);
        Assert.Null(other.Template);
        Assert.Equal(
            (options.Register, options.Start, options.End, options.IdleTimeout, options.MaxLine, options.MaxLines, options.CodePage),
            (other.Register, other.Start, other.End, other.IdleTimeout, other.MaxLine, other.MaxLines, other.CodePage));
    }

    [Theory]
    [InlineData("", "mode", "expected observe (bytes pass, nothing waits), gate (receipts wait for their invoices) or virtual (there is no printer), found nothing")]
    [InlineData(""", "mode": "both" """, "mode", "found 'both'")]
    [InlineData(""", "mode": "gate" """, "printer", "expected the printer's line, such as serial:/dev/ttyUSB1 or tcp:10.0.0.9:9100, found nothing")]
    [InlineData(""", "mode": "virtual", "printer": "tcp:10.0.0.9:9100" """, "printer", "expected none where the mode is virtual")]
    [InlineData(""", "mode": "observe", "printer": "tcp-listen:0.0.0.0:9101" """, "printer", "expected a serial line, or a printer that is called")]
    [InlineData(""", "mode": "observe", "printer": "serial:/dev/ttyUSB0" """, "printer", "expected another line than the till's")]
    [InlineData(""", "mode": "observe", "printer": "tcp:10.0.0.9:9100", "time_limit": "5s" """, "time_limit", "expected it with mode gate only")]
    [InlineData(""", "mode": "virtual", "print": {} """, "print", "expected it with mode gate only")]
    [InlineData(""", "mode": "gate", "printer": "tcp:10.0.0.9:9100", "time_limit": "2m" """, "time_limit", "from 1s to 60s")]
    [InlineData(""", "mode": "gate", "printer": "tcp:10.0.0.9:9100", "at_limit": "wait" """, "at_limit", "found 'wait'")]
    [InlineData(""", "mode": "gate", "printer": "tcp:10.0.0.9:9100", "print": { "select": 3 } """, "print.select", "expected code_page beside it")]
    [InlineData(""", "mode": "virtual", "code_page": "1258" """, "code_page", "expected one of utf-8, tcvn3-1")]
    [InlineData(""", "mode": "virtual", "code_pages": { "256": "cp1258" } """, "code_pages.256", "expected the number of ESC t, 0 to 255")]
    [InlineData(""", "mode": "virtual", "code_pages": { "3": "x" } """, "code_pages.3", "expected one of utf-8")]
    [InlineData(""", "mode": "virtual", "columns": 161 """, "columns", "from 0 to 160")]
    [InlineData(""", "mode": "virtual", "template": "none.json" """, "template", "expected a readable file with a template")]
    public void A_key_of_a_tap_that_is_wrong_is_named_in_one_sentence(string keys, string key, string sentence)
    {
        SettingsException fault = Assert.Throws<SettingsException>(
            () => Read($$"""{ "line": "serial:/dev/ttyUSB0", "protocol": "escpos", "register": "TILL-1"{{keys}} }"""));

        Assert.Equal(key, fault.Key);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_template_with_a_fault_is_named_with_its_key_in_it()
    {
        File.WriteAllText(_folder.File("till.json"), """{ "total": "(" }""");

        SettingsException fault = Assert.Throws<SettingsException>(
            () => Read("""{ "protocol": "escpos", "register": "TILL-1", "mode": "virtual", "template": "till.json" }"""));

        Assert.Equal("total", fault.Key);
        Assert.Contains("till.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tills_that_are_captured_do_not_share_a_name()
    {
        File.WriteAllText(_folder.File("edge.json"), """
            { "journal": "j.db", "bundle": "b.json", "registers": [
              { "line": "tcp-listen:0.0.0.0:9100", "protocol": "escpos", "register": "TILL-1", "mode": "virtual" },
              { "line": "tcp-listen:0.0.0.0:9101", "protocol": "line-text", "register": "TILL-1" } ] }
            """);

        SettingsException fault = Assert.Throws<SettingsException>(() => EdgeSettings.Load(_folder.File("edge.json")));

        Assert.Contains("expected a name that no other register has for each till that is captured, found 'TILL-1' twice", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 90)]
    [InlineData(""", "captures_kept": 400""", 400)]
    public void Captures_are_kept_for_a_quarter_unless_said_otherwise(string keys, int days)
    {
        File.WriteAllText(_folder.File("edge.json"), $$"""{ "journal": "j.db", "bundle": "b.json"{{keys}} }""");

        Assert.Equal(TimeSpan.FromDays(days), EdgeSettings.Load(_folder.File("edge.json")).CapturesKept);
    }

    [Theory]
    [InlineData("""{ "protocol": "escpos", "mode": "virtual" }""", "register")]
    [InlineData("""{ "protocol": "line-text" }""", "register")]
    [InlineData("""{ "protocol": "line-text", "register": "T", "start": "(" }""", "start")]
    [InlineData("""{ "protocol": "line-text", "register": "T", "end": "(?=x)" }""", "end")]
    [InlineData("""{ "protocol": "line-text", "register": "T", "max_line": 39 }""", "max_line")]
    [InlineData("""{ "protocol": "modbus" }""", "protocol")]
    [InlineData("""{ "protocol": "datecs", "variant": "y" }""", "variant")]
    [InlineData("""{ "protocol": "datecs", "tax_rates": { "A": "9%" } }""", "tax_rates.A")]
    [InlineData("""{ "protocol": "datecs", "history": "some" }""", "history")]
    [InlineData("""{ "protocol": "datecs", "journal_line": "somewhere" }""", "journal_line")]
    [InlineData("""{ "protocol": "eutron", "dialect": "usb" }""", "dialect")]
    [InlineData("""{ "protocol": "eutron", "tenders": [ 99 ] }""", "tenders")]
    [InlineData("""{ "register": "two words" }""", "register")]
    [InlineData("""{ "protocol": "eutron", "variant": "x" }""", "variant")]
    public void A_key_that_is_wrong_is_named(string json, string key)
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Equal(key, fault.Key);
    }

    private ProtocolSettings Read(string json)
    {
        var settings = JsonSettings.Parse(json, "edge.json");
        var read = ProtocolSettings.Read(settings, _folder.Path);
        settings.Done();
        return read;
    }
}
