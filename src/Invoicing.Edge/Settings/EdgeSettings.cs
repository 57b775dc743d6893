using Invoicing.Edge.Deadlines;
using Invoicing.Gateway;
using Invoicing.Registers.Ports;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>What the edge service is told by its configuration file.</summary>
/// <remarks>
/// Paths are relative to the file's folder. Keys: <c>journal</c>, <c>bundle</c>, <c>authority</c> (absent: record only, send later),
/// <c>control</c> (socket of the running service), <c>buyer_hold</c> (seconds that sales wait for their buyers, 0 to 600),
/// <c>registers</c>: a list of <c>line</c>, <c>new_register</c>, <c>buyer_hold</c> and the keys of
/// <see cref="ProtocolSettings"/>; those of <see cref="KeySettings"/>; <c>probe</c>: a list of serial ports that <c>ports --probe</c> may ask; <c>national</c>: see
/// <see cref="NationalSettings"/>; <c>captures_kept</c> (days, 1 to 3653, 90 unless said); <c>leases</c>: <c>codes</c> and <c>days</c> that registers may print while their line is down; <c>api</c>: see <see cref="ApiSettings"/>; those of <see
/// cref="DeadlineSettings"/>.
/// </remarks>
internal sealed record EdgeSettings
{
    /// <summary>Most registers on one device: a shop's lanes; each line costs a thread's worth of polling and some 200 KB.</summary>
    public const int MaxRegisters = 64;

    /// <summary>
    /// Days that captures stay after they were recorded, unless said otherwise: a quarter's declaration and its questions. What counts in law is the invoice; what was
    /// printed helps to explain it.
    /// </summary>
    public const int DefaultDaysKept = 90;

    /// <summary>Most days that captures stay: ten years, as long as accounting documents are kept.</summary>
    public const int MostDaysKept = 3653;

    /// <summary>The journal file.</summary>
    public required string Journal { get; init; }

    /// <summary>The bundle that the authority gave this device.</summary>
    public required string Bundle { get; init; }

    /// <summary>Where the authority is; <see langword="null"/> to record without sending.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Where the signing key lies, and what opens keys.</summary>
    public KeySettings Keys { get; init; } = new(null, KeySettings.Unsaid);

    /// <summary>Socket on which the running service takes commands.</summary>
    public required string Control { get; init; }

    /// <summary>How long sales without buyer wait for one, unless a register says otherwise; zero: not at all.</summary>
    public TimeSpan BuyerHold { get; init; }

    /// <summary>The registers' lines.</summary>
    public required IReadOnlyList<RegisterSettings> Registers { get; init; }

    /// <summary>Serial ports that may be asked what hangs on them; no other ever is.</summary>
    public IReadOnlyList<PortAddress> Probe { get; init; } = [];

    /// <summary>Codes for registers whose line is down; <see langword="null"/>: none are given.</summary>
    public LeaseOptions? Leases { get; init; }

    /// <summary>How long captures stay that are judged and recorded.</summary>
    public TimeSpan CapturesKept { get; init; } = TimeSpan.FromDays(DefaultDaysKept);

    /// <summary>Deadlines of sending.</summary>
    public DeadlineSettings Deadlines { get; init; } = new();

    /// <summary>How invoices go out in the law's file.</summary>
    public NationalSettings National { get; init; } = new();

    /// <summary>The door for programs that cannot load .NET; <see langword="null"/>: closed.</summary>
    public ApiSettings? Api { get; init; }

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static EdgeSettings Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, "(whole file)", "a readable configuration file", fault.Message);
        }

        return Read(JsonSettings.Parse(text, path), Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static EdgeSettings Read(JsonSettings json, string folder)
    {
        string journal = Path.Combine(folder, json.Text("journal"));
        string? authority = json.OptionalText("authority");
        var settings = new EdgeSettings
        {
            Journal = journal,
            Bundle = Path.Combine(folder, json.Text("bundle")),
            Authority = authority is null ? null
                : Uri.TryCreate(authority, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps ? uri
                : throw json.Fault("authority", "an address such as https://authority.example:5443", $"'{authority}'"),
            Keys = KeySettings.Read(json, folder),
            Control = Path.Combine(folder, json.OptionalText("control") ?? journal + ".sock"),
            BuyerHold = ReadHold(json) ?? TimeSpan.Zero,
            Registers = [.. json.Objects("registers").Select(register => ReadRegister(register, folder))],
            Probe = [.. json.Texts("probe").Select(text => ReadPort(json, text))],
            Deadlines = DeadlineSettings.Read(json, folder),
            National = NationalSettings.Read(json, folder),
            Api = ApiSettings.Read(json, folder),
            Leases = ReadLeases(json),
            CapturesKept = TimeSpan.FromDays(json.Number("captures_kept", 1, MostDaysKept, DefaultDaysKept)),
        };
        json.Done();
        RequireOwnNames(json, settings.Registers);
        if (settings.Registers.Count > MaxRegisters)
        {
            throw json.Fault("registers", $"at most {MaxRegisters} registers", $"{settings.Registers.Count}");
        }

        return settings;
    }

    /// <summary>A till that says no name of itself has one that nobody else has: its sales and its book of captures are found by it.</summary>
    private static void RequireOwnNames(JsonSettings json, IReadOnlyList<RegisterSettings> registers)
    {
        foreach (RegisterSettings till in registers.Where(register => register.Protocol.IsCaptured))
        {
            if (registers.Count(register => register.Protocol.Register == till.Protocol.Register) > 1)
            {
                throw json.Fault("registers", "a name that no other register has for each till that is captured", $"'{till.Protocol.Register}' twice");
            }
        }
    }

    private static LeaseOptions? ReadLeases(JsonSettings json)
    {
        if (json.OptionalObject("leases") is not { } leases)
        {
            return null;
        }

        LeaseOptions options = new()
        {
            Codes = (int)leases.Number("codes", 1, LeaseOptions.MaxCodes, LeaseOptions.DefaultCodes),
            Days = (int)leases.Number("days", 0, LeaseOptions.MaxDays, LeaseOptions.DefaultDays),
        };
        leases.Done();
        return options;
    }

    private static PortAddress ReadPort(JsonSettings json, string text)
    {
        try
        {
            return PortAddress.Parse(text);
        }
        catch (FormatException fault)
        {
            throw json.Fault("probe", "a serial port", fault.Message);
        }
    }

    private static TimeSpan? ReadHold(JsonSettings json)
    {
        const long None = -1;
        long seconds = json.Number("buyer_hold", 0, (long)GatewayOptions.MaxBuyerHold.TotalSeconds, None);
        return seconds == None ? null : TimeSpan.FromSeconds(seconds);
    }

    private static RegisterSettings ReadRegister(JsonSettings json, string folder)
    {
        TimeSpan? hold = ReadHold(json);
        string line = json.Text("line");
        string? isNew = json.OptionalText("new_register");
        var protocol = ProtocolSettings.Read(json, folder);
        json.Done();
        if (isNew is not null && !RegisterId.IsValid(isNew))
        {
            throw json.Fault("new_register", $"a register's serial of 1 to {RegisterId.MaxLength} printable characters", $"'{isNew}'");
        }

        try
        {
            return new(LineAddress.Parse(line), isNew is null ? null : new RegisterId(isNew), protocol, hold);
        }
        catch (FormatException fault)
        {
            throw json.Fault("line", "a line", fault.Message);
        }
    }
}
