using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Settings;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Edge.Commands;

/// <summary><c>template</c>: how a till's receipts are read; learned from captures, shown and tested against them.</summary>
/// <remarks>The running service hands out the captures; they are read here, so that trying out costs it nothing.</remarks>
internal static class TemplateCommand
{
    /// <summary>Receipts that a template is learned from: more of one till say no more, and each costs a second of trying.</summary>
    private const int MostLearned = 12;

    /// <summary>Captures that a template is tested against unless said otherwise: a small shop's day.</summary>
    private const int DefaultTested = 100;

    private const int MostTested = 1_000;

    public static Command Create() =>
        new("template", "How a till's receipts are read: learned from captures, shown, and tested against them.") { Learn(), Show(), Test() };

    private static Command Learn()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        var numbers = new Option<string?>("--captures")
        {
            Description = $"Sales receipts to learn from, such as 3,5,8; left out: the newest {MostLearned} that may be some.",
            HelpName = "NUMBERS",
        };
        var name = new Option<string>("--name") { Description = "What people will call the template.", DefaultValueFactory = _ => "learned" };
        var file = new Option<string?>("--out") { Description = "File to write it to, which must not be there; left out: it is printed.", HelpName = "FILE" };
        var command = new Command("learn", "Makes a first template out of captured receipts and shows what it extracts from each. A person looks at it before it is used.")
        {
            config, register, numbers, name, file, json,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            List<KeptCapture> receipts = await ReceiptsAsync(fetch, parsed.GetValue(numbers), cancellationToken);
            LearnedTemplate learned = fetch.Till.Learn(receipts.Select(piece => piece.Bytes), parsed.GetRequiredValue(name));
            TextWriter output = parsed.InvocationConfiguration.Output;
            string template = learned.Template.ToJson();
            if (parsed.GetValue(file) is { } path)
            {
                await WriteAsync(path, template, cancellationToken);
            }

            string text = parsed.GetValue(json)
                ? new JsonObject
                {
                    ["template"] = JsonNode.Parse(template),
                    ["add_up"] = learned.AddUp,
                    ["receipts"] = new JsonArray([.. receipts.Zip(learned.Readings, (piece, reading) => (JsonNode)ToJson(piece, reading))]),
                }.ToJsonString()
                : string.Join(Environment.NewLine, ForPeople(receipts, learned, parsed.GetValue(file)));
            await output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return learned.AddUp > 0 ? ExitCode.Done : ExitCode.Unsound;
        });
        return command;
    }

    private static Command Show()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        Option<string?> file = File();
        Argument<long?> number = EdgeOptions.Capture();
        var command = new Command("show", "Shows what a template extracts from one capture: the goods, the sums, the payments.") { number, config, register, file, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            ReceiptTemplate template = Chosen(fetch.Till, parsed.GetValue(file));
            KeptCapture piece = await fetch.ReadAsync(parsed.GetValue(number), cancellationToken);
            ReceiptReading reading = fetch.Till.Read(piece, template).Reading;
            string text = parsed.GetValue(json)
                ? ToJson(piece, reading).ToJsonString()
                : string.Join(Environment.NewLine, [Numbered(piece), .. ReadingText.Of(reading)]);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Test()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        Option<string?> file = File();
        var limit = new Option<int>("--limit") { Description = $"The newest captures that are read, 1 to {MostTested}.", DefaultValueFactory = _ => DefaultTested };
        var command = new Command("test", "Reads captures by a template and says which add up, which do not, and why. Exit code 2 if one does not that may be a sale.")
        {
            config, register, file, limit, json,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            int most = parsed.GetValue(limit) is >= 1 and <= MostTested and int given
                ? given
                : throw new InvoicingException($"expected a limit of 1 to {MostTested}, found {parsed.GetValue(limit)}");
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            ReceiptTemplate template = Chosen(fetch.Till, parsed.GetValue(file));
            List<(KeptCapture Piece, ReceiptReading Reading)> read = [];
            foreach (KeptCapture piece in await fetch.NewestAsync(_ => true, most, cancellationToken))
            {
                read.Add((piece, fetch.Till.Read(await fetch.ReadAsync(piece.Number, cancellationToken), template).Reading));
            }

            var test = TemplateTest.Of(read);
            string text = parsed.GetValue(json) ? test.ToJson().ToJsonString() : string.Join(Environment.NewLine, test.ForPeople());
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return test.Misread == 0 ? ExitCode.Done : ExitCode.Unsound;
        });
        return command;
    }

    private static Option<string?> File() => new("--template", "-t")
    {
        Description = "The template's file; left out: the one that is configured.",
        HelpName = "FILE",
    };

    private static ReceiptTemplate Chosen(CapturedTill till, string? file) => file is not null
        ? TemplateFile.Read(file)
        : till.Template ?? throw new InvoicingException($"expected --template FILE, found none, and {till.Register} has none in the configuration; make one with 'template learn'");

    /// <summary>Those that a person chose; else the newest whole ones that may be sales. Copies, orders and bills before payment would mislead.</summary>
    private static async Task<List<KeptCapture>> ReceiptsAsync(CaptureFetch fetch, string? numbers, CancellationToken cancellationToken)
    {
        List<KeptCapture> receipts = [];
        if (numbers is not null)
        {
            foreach (string text in numbers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                receipts.Add(await fetch.ReadAsync(
                    long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                        ? number
                        : throw new InvoicingException($"expected numbers of captures such as 3,5,8 as --captures, found '{text}'"),
                    cancellationToken));
            }
        }
        else
        {
            foreach (KeptCapture piece in await fetch.NewestAsync(MayBeSale, 2 * MostLearned, cancellationToken))
            {
                KeptCapture whole = await fetch.ReadAsync(piece.Number, cancellationToken);
                if (receipts.Count < MostLearned && fetch.Till.Read(whole, new ReceiptTemplate()).Reading.Class is not (CaptureClass.Copy or CaptureClass.Kitchen or CaptureClass.ProForma))
                {
                    receipts.Add(whole);
                }
            }
        }

        return receipts.Count is > 0 and <= MostLearned
            ? receipts
            : throw new InvoicingException(receipts.Count == 0
                ? $"expected captured receipts of {fetch.Till.Register}, found none: print a few sales first"
                : $"expected at most {MostLearned} receipts, found {receipts.Count}: more of one till say no more");
    }

    private static bool MayBeSale(KeptCapture piece) => piece.IsWhole && (piece.Class == CaptureClass.Sale || CaptureWord.IsMisread(piece.Class));

    private static IEnumerable<string> ForPeople(List<KeptCapture> receipts, LearnedTemplate learned, string? file)
    {
        foreach ((KeptCapture piece, ReceiptReading reading) in receipts.Zip(learned.Readings))
        {
            yield return Numbered(piece);
            foreach (string line in ReadingText.Of(reading))
            {
                yield return line;
            }
        }

        yield return $"{learned.AddUp} of {receipts.Count} receipts add up"
            + (learned.AddUp == 0 ? "; choose sales receipts only, with --captures, and look with 'codepage' whether their text is right" : string.Empty);
        yield return file is null ? learned.Template.ToJson() : $"{file}: look at it, test it with 'template test --template {file}', then name it as 'template' of the register";
    }

    private static async Task WriteAsync(string path, string template, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream target = new(path, FileMode.CreateNew, FileAccess.Write);
            await using StreamWriter writer = new(target);
            await writer.WriteAsync(template.AsMemory(), cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected to make a new file: {fault.Message}", innerException: fault);
        }
    }

    private static string Numbered(KeptCapture piece) => string.Create(CultureInfo.InvariantCulture, $"capture {piece.Number}, {piece.Length} bytes");

    private static JsonObject ToJson(KeptCapture piece, ReceiptReading reading) => new() { ["capture"] = piece.Number, ["reading"] = CaptureJson.From(reading) };
}
