using System.Collections.Immutable;
using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Bytes;
using FirmwareSim.Journal;
using FirmwareSim.Lines;
using FirmwareSim.Running;
using FirmwareSim.Scenarios;

namespace FirmwareSim.Commands;

/// <summary>Settings of <c>run</c>: one table of names, checks and defaults for command line and configuration file.</summary>
internal static class RunSettings
{
    public const string Line = "line";
    public const string Serial = "serial";
    public const string Journal = "journal";
    public const string Sales = "sales";
    public const string Seed = "seed";
    public const string Scenario = "scenario";
    public const string Scenarios = "scenarios";
    public const string Pace = "pace";
    public const string Ahead = "ahead";
    public const string MaxBody = "max-body";
    public const string Capacity = "capacity";
    public const string Fault = "fault";
    public const string Leases = "leases";
    public const string Pair = "pair";
    public const string Clock = "clock";
    public const string Linger = "linger";
    public const string Json = "json";

    /// <summary>What the register speaks.</summary>
    public const string Protocol = "protocol";

    /// <summary>Percent of a fault that is asked for without a number.</summary>
    public const int DefaultFaultPercent = 5;

    private const string FaultExpected = "split, drop-ack, dup or flip, joined by commas, each but split with :PERCENT if wanted (1..90)";

    /// <summary>What <see cref="Protocol"/> takes.</summary>
    public const string ProtocolExpected =
        "tlk, datecs-x, datecs-isl, datecs-push, eutron, eutron-tcp, escpos, escpos-printer or line-text";

    /// <summary>What <see cref="TryScenario"/> takes.</summary>
    public const string ScenarioExpected =
        "none, all (promotions, notes, discounts and buyers), or promotions, notes, discounts, buyers, departments, codes-only, joined by commas";

    /// <summary>Every key, with what it means.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Line] = "Where the gateway is: " + LineAddress.Expected,
        [Serial] = "What the register is called: 1 to 32 ASCII characters without blanks",
        [Journal] = "The register's own journal; made if it is not there",
        [Sales] = "Sales that shall be in the journal in the end, all starts together [default: 10; with scenarios one for each]",
        [Seed] = "Baskets are a function of seed and sequence [default: 1]",
        [Scenario] = "What is rung up beside plain goods: " + ScenarioExpected + " [default: none]",
        [Scenarios] = "A folder of scenarios (tests/scenarios) whose sales are rung up instead of baskets, if TLK/1 can carry them",
        [Pace] = "Pause between two sales, such as 200ms or 2s, or flat [default: 200ms]",
        [Ahead] = "Most sales that may wait for their result before the next is rung up [default: no limit]",
        [MaxBody] = "Largest frame body taken: 512..4096 bytes [default: 1024]",
        [Capacity] = "Records that the journal holds; 10,000 acknowledged ones are always kept: 10100..1000000 [default: 50000]",
        [Fault] = "TLK/1, a bad cable: " + FaultExpected + "; other protocols, repeatable: " + Failures.FaultOrder.Expected,
        [Leases] = "Take leases, and print their codes when there was no gateway for so long, such as 30s [default: take none]",
        [Pair] = "The pairing key, 64 hexadecimal digits: everything is sealed with it",
        [Clock] = "How far the register's clock is ahead, such as 90s or -90s, until TIME sets it [default: 0s]",
        [Linger] = "Stay on the line when all is sold and answered, until Ctrl-C",
        [Json] = "End with one line of JSON",
        [Protocol] = "What the register speaks: " + ProtocolExpected + " [default: tlk]",
    };

    private static ImmutableArray<ScenarioSale> ReadScenarios(string folder)
    {
        try
        {
            return ScenarioFolder.Read(folder);
        }
        catch (ScenarioException fault)
        {
            throw new SettingException(fault.Message);
        }
    }

    public static SimulatedRegisterOptions Read(SettingSource source, TimeProvider time)
    {
        LineAddress line = source.Require<LineAddress>(Line, LineAddress.Expected, TryLine);
        string folder = source.Read<string>(Scenarios, "the path of a folder", TryPath, string.Empty);
        ImmutableArray<ScenarioSale> scenarios = folder.Length > 0 ? ReadScenarios(folder) : [];
        long seed = source.Read<long>(Seed, "a whole number", TryLong, 1);
        return new SimulatedRegisterOptions
        {
            Serial = source.Require<string>(Serial, "1 to 32 ASCII characters without blanks", TrySerial),
            JournalPath = source.Require<string>(Journal, "the path of a file", TryPath),
            Line = () => line.Create(time),
            Sales = ReadSales(source, scenarios.Length),
            Seed = seed,
            Extras = source.Read<BasketExtras>(Scenario, ScenarioExpected, TryScenario, BasketExtras.None),
            Scenarios = scenarios,
            Pace = source.Read<TimeSpan>(Pace, "a time such as 200ms or 2s, or flat", TryPace, TimeSpan.FromMilliseconds(200)),
            Ahead = source.Read<int?>(Ahead, "a whole number from 1 on", TryAhead, null),
            MaxBody = source.Read<ushort>(MaxBody, "512..4096", TryMaxBody, Bytes.Frame.DefaultMaxBody),
            Limits = new JournalLimits(source.Read<int>(Capacity, "10100..1000000", TryCapacity, JournalLimits.DefaultCapacity)),
            Speed = source.Read<int?>(TillSettings.Speed, TillSettings.SpeedExpected, TillSettings.TrySpeed, null),
            Disturbance = source.Read<Disturbance>(Fault, FaultExpected, TryFaults, new Disturbance()) with { Seed = seed },
            LeasesAfter = source.Read<TimeSpan?>(Leases, "a time such as 30s or 500ms", TryLeases, null),
            PairingKey = source.Read<byte[]?>(Pair, "64 hexadecimal digits", TryPair, null),
            ClockAhead = source.Read<TimeSpan>(Clock, "a time such as 90s or -90s", TryClock, TimeSpan.Zero),
            Linger = source.Read<bool>(Linger, "true or false", bool.TryParse, otherwise: false),
            Time = time,
        };
    }

    private static long ReadSales(SettingSource source, int scenarios)
    {
        long sales = source.Read<long>(Sales, "a whole number from 0 on", TryCount, scenarios > 0 ? scenarios : 10);
        return scenarios == 0 || sales <= scenarios
            ? sales
            : throw new SettingException($"--sales: expected at most {scenarios}, one for each scenario, found {sales}");
    }

    public static bool TryLong(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static bool TryCount(string text, out long value) => TryLong(text, out value) && value >= 0;

    /// <summary>Reads what is rung up beside plain goods.</summary>
    public static bool TryScenario(string text, out BasketExtras value)
    {
        value = BasketExtras.None;
        foreach (string part in text.Split(','))
        {
            BasketExtras? extra = part switch
            {
                "none" when text == part => BasketExtras.None,
                "all" => BasketExtras.Promotions | BasketExtras.Notes | BasketExtras.Discounts | BasketExtras.Buyers,
                "promotions" => BasketExtras.Promotions,
                "notes" => BasketExtras.Notes,
                "discounts" => BasketExtras.Discounts,
                "buyers" => BasketExtras.Buyers,
                "departments" => BasketExtras.Departments,
                "codes-only" => BasketExtras.CodesOnly,
                _ => null,
            };
            if (extra is not { } wanted)
            {
                return false;
            }

            value |= wanted;
        }

        return true;
    }

    internal static bool TryLine(string text, out LineAddress value)
    {
        var address = LineAddress.TryParse(text);
        value = address!;
        return address is not null;
    }

    internal static bool TrySerial(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= Limits.Serial && text.All(c => c is > ' ' and <= '~');
    }

    internal static bool TryPath(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    internal static bool TryPace(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        (string number, int factor) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1)
            : text.EndsWith('s') ? (text[..^1], 1000)
            : ("", 0);
        if (text == "flat")
        {
            return true;
        }

        bool valid = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 3_600_000 / factor;
        value = valid ? TimeSpan.FromMilliseconds((long)count * factor) : TimeSpan.Zero;
        return valid;
    }

    private static bool TryLeases(string text, out TimeSpan? value)
    {
        bool valid = TryPace(text, out TimeSpan time) && text != "flat";
        value = valid ? time : null;
        return valid;
    }

    private static bool TryPair(string text, out byte[]? value)
    {
        bool valid = text.Length == 2 * Messages.FrameSeal.KeyLength && text.All(char.IsAsciiHexDigit);
        value = valid ? Convert.FromHexString(text) : null;
        return valid;
    }

    private static bool TryClock(string text, out TimeSpan value)
    {
        bool isBehind = text.StartsWith('-');
        bool valid = TryPace(isBehind ? text[1..] : text, out value) && text != "flat";
        value = isBehind ? -value : value;
        return valid;
    }

    private static bool TryAhead(string text, out int? value)
    {
        bool valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
        value = count;
        return valid;
    }

    private static bool TryMaxBody(string text, out ushort value) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value is >= Limits.LeastMaxBody and <= Limits.MostMaxBody;

    private static bool TryCapacity(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value is >= JournalLimits.LeastRetention + 100 and <= 1_000_000;

    private static bool TryFaults(string text, out Disturbance value)
    {
        value = new Disturbance();
        foreach (string part in text.Split(','))
        {
            string[] fields = part.Split(':');
            int percent = DefaultFaultPercent;
            if (fields.Length > 2
                || (fields.Length == 2
                    && (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out percent) || percent is < 1 or > 90)))
            {
                return false;
            }

            switch (fields[0])
            {
                case "split" when fields.Length == 1:
                    value = value with { Split = true };
                    break;
                case "drop-ack":
                    value = value with { DropAckPercent = percent };
                    break;
                case "dup":
                    value = value with { DoublePercent = percent };
                    break;
                case "flip":
                    value = value with { FlipPercent = percent };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
