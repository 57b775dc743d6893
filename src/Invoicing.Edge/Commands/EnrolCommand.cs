using System.CommandLine;
using System.Globalization;
using Invoicing.Chain;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;
using Invoicing.Enrolment;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;

namespace Invoicing.Edge.Commands;

/// <summary><c>enrol</c>: makes this device known to the authority, with the activation code that it gave.</summary>
internal static class EnrolCommand
{
    /// <summary>Most characters read of a code from the standard input: a code with blanks and hyphens, several times over.</summary>
    private const int MostTyped = 256;

    public static Command Create(TimeProvider time)
    {
        Option<string> config = EdgeOptions.Config();
        config.Description = "Configuration file (JSON); written if it is not there.";
        var authority = new Option<string?>("--authority") { Description = "Where the authority is: https://HOST:PORT; may be left out if the configuration says it.", HelpName = "ADDRESS" };
        var lines = new Option<string[]>("--line") { Description = "Where a register hangs, for a new configuration. May be repeated.", HelpName = "LINE", DefaultValueFactory = _ => [] };
        var code = new Argument<string>("code") { Description = "The activation code; '-': read from the standard input, so that it stands in no history." };
        var command = new Command("enrol", "Makes this device known to the authority: makes its keys here, and gets a certificate, codes and numbers. Interrupted, the same command again goes on.")
        {
            config, authority, lines, code,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(config);
            string[] wanted = parsed.GetValue(lines) ?? [];
            Place place = Find(path, parsed.GetValue(authority), wanted);
            ActivationCode typed = Parse(await ReadAsync(parsed.GetRequiredValue(code), cancellationToken));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(place.Journal))!);
            EnrolledDevice enrolled = await DeviceEnrolment.EnrolAsync(
                new()
                {
                    Authority = place.Authority,
                    Code = typed,
                    IdentityPath = place.Identity,
                    JournalPath = place.Journal,
                    SigningKey = place.Settings?.Keys.SigningKey,
                    Keys = place.Settings?.Keys.Options ?? KeySettings.Unsaid,
                    Software = $"Invoicing.Edge {typeof(EnrolCommand).Assembly.GetName().Version}",
                    Time = time,
                },
                cancellationToken);
            bool isNew = !File.Exists(path);
            if (isNew)
            {
                EdgeSettingsFile.Write(path, place.Authority, wanted);
            }

            string text = string.Join(Environment.NewLine, [.. Granted(enrolled), .. isNew ? Written(path, wanted) : Missing(path, place, wanted), $"next      edge run --config {path}"]);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Where everything is: as an existing configuration says, else as a new one will.</summary>
    private static Place Find(string path, string? authority, string[] lines)
    {
        Uri? given = authority is null ? null
            : Uri.TryCreate(authority, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps ? uri
            : throw new InvoicingException($"--authority: expected an address such as https://authority.example:5443, found '{authority}'");
        foreach (string line in lines)
        {
            RequireLine(line);
        }

        if (!File.Exists(path))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return given is null
                ? throw new InvoicingException($"expected --authority https://HOST:PORT, found none, and {path} is not there to say it")
                : new(given, Path.Combine(folder, EdgeSettingsFile.Journal), Path.Combine(folder, EdgeSettingsFile.Identity), Settings: null);
        }

        var settings = EdgeSettings.Load(path);
        if (given is not null && settings.Authority is not null && given != settings.Authority)
        {
            throw new InvoicingException($"expected one authority, found {given} as --authority and {settings.Authority} in {path}; leave one of them out");
        }

        return new(
            given ?? settings.Authority ?? throw new InvoicingException($"expected --authority https://HOST:PORT, or \"authority\" in {path}, found neither"),
            settings.Journal,
            settings is { Bundle: null, Identity: { } identity }
                ? identity
                : throw new InvoicingException($"{path}: expected \"identity\": \"{EdgeSettingsFile.Identity}\" and no \"bundle\", found a device that is known by a bundle"),
            settings);
    }

    private static void RequireLine(string line)
    {
        try
        {
            _ = LineAddress.Parse(line);
        }
        catch (FormatException fault)
        {
            throw new InvoicingException($"--line: {fault.Message}", innerException: fault);
        }
    }

    private static async Task<string> ReadAsync(string code, CancellationToken cancellationToken)
    {
        if (code != "-")
        {
            return code;
        }

        string typed = await Console.In.ReadLineAsync(cancellationToken) ?? string.Empty;
        return typed.Length <= MostTyped
            ? typed
            : throw new InvoicingException($"expected an activation code on the standard input, found {typed.Length} characters");
    }

    private static ActivationCode Parse(string text)
    {
        try
        {
            return ActivationCode.Parse(text);
        }
        catch (FormatException fault)
        {
            throw new InvoicingException(fault.Message, innerException: fault);
        }
    }

    private static IEnumerable<string> Granted(EnrolledDevice enrolled)
    {
        EnrolmentGrant grant = enrolled.Enrolment;
        yield return $"{(enrolled.WasEnrolled ? "was enrolled by this code before: " : "enrolled: ")}device {grant.Device} of {grant.Seller.Name}, tax code {grant.Seller.TaxCode}";
        string numbers = string.Join(", ", grant.Numbers.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Last - range.First + 1} numbers of {range.Series}")));
        yield return string.Create(CultureInfo.InvariantCulture, $"granted   {grant.Codes.Sum(range => range.Last - range.First + 1)} authority codes, {(numbers.Length == 0 ? "no numbers" : numbers)}");
        yield return string.Create(CultureInfo.InvariantCulture, $"identity  certificate until {enrolled.CertificateEnds.ToUniversalTime():yyyy-MM-dd}, which renews itself");
        if (enrolled.ClockDifference is { } difference && difference.Duration() > ClockStatus.Remarkable)
        {
            yield return $"clock     this machine's is {IdentityText.Difference(difference)} the authority's: set it before the first sale";
        }
    }

    private static IEnumerable<string> Written(string path, string[] lines)
    {
        yield return $"wrote     {path}" + (lines.Length == 0 ? ", without registers: add { \"line\": \"…\" } to \"registers\"; 'edge ports' shows what is plugged in" : string.Empty);
    }

    private static IEnumerable<string> Missing(string path, Place place, string[] lines)
    {
        if (place.Settings!.Authority is null)
        {
            yield return $"missing   {path} names no \"authority\": add \"authority\": \"{place.Authority.GetLeftPart(UriPartial.Authority)}\", or nothing is sent";
        }

        foreach (string line in lines.Where(line => place.Settings.Registers.All(register => register.Line != LineAddress.Parse(line))))
        {
            yield return $"missing   {path} has no register on that line: add {{ \"line\": \"{line}\" }} to \"registers\"";
        }

        if (place.Settings.Registers.Count == 0 && lines.Length == 0)
        {
            yield return $"missing   {path} has no registers: add {{ \"line\": \"…\" }} to \"registers\"; 'edge ports' shows what is plugged in";
        }
    }

    private sealed record Place(Uri Authority, string Journal, string Identity, EdgeSettings? Settings);
}
