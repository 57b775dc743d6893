using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Catalogues;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Registers.Text;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Commands;

/// <summary><c>catalogue</c>: the shop's own list of goods, which completes what registers leave empty.</summary>
internal static class CatalogueCommand
{
    private const string Now = "now";

    public static Command Create() => new("catalogue", "The shop's list of goods, which completes what registers leave empty.")
    {
        Import(), List(), Show(),
    };

    private static Command Import()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var file = new Argument<string>("file")
        {
            Description = "List of goods: CSV in UTF-8 with a header line; ';', ',' or tab between fields.",
        };
        var page = new Option<string?>("--printed-page")
        {
            Description = "Code page of a till that prints: names are also known as they come out of it, without the marks that it lacks, where that is unambiguous.",
        };
        var columns = new Option<int>("--printed-columns")
        {
            Description = $"Width of that till's column of names, {PrintedNames.FewestColumns} or more; 0: it does not cut them.",
        };
        var command = new Command(
            "import",
            "Reads a list of goods and puts it in force. Columns: plu (mã hàng), barcode (mã vạch), department (nhóm hàng), "
            + "words (tên in), name (tên hàng), "
            + "unit (đvt), rate (thuế suất: 8%, 8, KCT, KKKNT, KHAC:5.26%), "
            + "nature (tính chất: 1 to 5), valid from (từ ngày). Others are ignored.")
        {
            file, config, json, page, columns,
        };
        command.Run((parsed, cancellationToken) => ImportAsync(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(config), (parsed.GetValue(page), parsed.GetValue(columns)), parsed.GetValue(json),
            parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> ImportAsync(
        string file, string config, (string? Page, int Columns) printed, bool json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var settings = EdgeSettings.Load(config);
        CatalogueReading reading = CatalogueCsv.Read(ReadFile(file), CatalogueDrafting.Compose);
        if (!reading.IgnoredColumns.IsEmpty)
        {
            string ignored = $"{file}: ignored columns: {string.Join(", ", reading.IgnoredColumns)}";
            await console.Error.WriteLineAsync(ignored.AsMemory(), cancellationToken);
        }

        if (reading.Catalogue is not { } catalogue)
        {
            throw new InvoicingException(string.Join(Environment.NewLine, reading.Faults.Select(fault => $"{file}: {fault}")));
        }

        catalogue = WithPrinted(catalogue, printed.Page, printed.Columns, file);
        string source = Path.GetFileName(file);
        source = source.Length > InvoicingGateway.MaxCatalogueSource ? source[^InvoicingGateway.MaxCatalogueSource..] : source;
        JsonObject answer = await ControlClient.ImportAsync(settings.Control, catalogue, source, cancellationToken);
        string text = json ? answer.ToJsonString() : answer["done"]!.GetValue<string>();
        await console.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Adds the goods' names as a till prints them.</summary>
    private static ShopCatalogue WithPrinted(ShopCatalogue catalogue, string? page, int columns, string file)
    {
        if (columns != 0 && columns < PrintedNames.FewestColumns)
        {
            throw new InvoicingException($"--printed-columns: expected {PrintedNames.FewestColumns} or more, or 0, found {columns}");
        }

        if (page is null)
        {
            return columns == 0 ? catalogue : throw new InvoicingException("--printed-columns: expected --printed-page beside it, found none");
        }

        CodePage found = CodePage.Find(page)
            ?? throw new InvoicingException($"--printed-page: expected one of {string.Join(", ", CodePage.All.Select(known => known.Name))}, found '{page}'");
        ImmutableArray<CatalogueItem> all = [.. catalogue.Items, .. PrintedNames.Of(catalogue.Items, found, columns)];
        return all.Length <= ShopCatalogue.MaxItems
            ? ShopCatalogue.Create(all, VietnameseText.Compose)
            : throw new InvoicingException($"{file}: expected at most {ShopCatalogue.MaxItems} goods with their printed names, found {all.Length}; leave out --printed-page");
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            // One byte more than is allowed is enough to be told so.
            using FileStream stream = File.OpenRead(file);
            byte[] bytes = new byte[Math.Min(stream.Length, ShopCatalogue.MaxBytes + 1)];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{file}: expected a list of goods that can be read, found none: {fault.Message}", innerException: fault);
        }
    }

    private static Command List()
    {
        Option<string> journal = EdgeOptions.Journal();
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("list", "Lists all versions, in the order of their imports; the last one is in force.") { journal, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<CatalogueVersion> versions = JournalExport.Catalogues(parsed.GetRequiredValue(journal));
            string text = parsed.GetValue(json)
                ? new JsonObject { ["catalogues"] = new JsonArray([.. versions.Select(version => (JsonNode)ToJson(version))]) }.ToJsonString()
                : versions.Count == 0 ? "no catalogue was imported" : string.Join(Environment.NewLine, versions.Select(ForPeople));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Option<string> journal = EdgeOptions.Journal();
        Option<bool> json = EdgeOptions.Json();
        var hash = new Argument<string>("hash")
        {
            Description = $"Hash of a version (64 hexadecimal digits), or '{Now}' for the one in force.",
        };
        var command = new Command("show", "Writes a version as CSV, in the form that 'import' reads.") { hash, journal, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(hash);
            (CatalogueVersion version, ShopCatalogue catalogue) = JournalExport.Catalogue(parsed.GetRequiredValue(journal), HashOf(name))
                ?? throw new InvoicingException(name == Now
                    ? "no catalogue was imported"
                    : $"expected the hash of a catalogue of this journal, found {name}");
            string text = parsed.GetValue(json) ? ToJson(version, catalogue).ToJsonString() : CatalogueCsv.Write(catalogue.Items).TrimEnd();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Sha256Hash? HashOf(string name)
    {
        try
        {
            return name == Now ? null : Sha256Hash.Parse(name);
        }
        catch (FormatException fault)
        {
            throw new InvoicingException($"expected '{Now}' or a hash of 64 hexadecimal digits, found '{name}'", innerException: fault);
        }
    }

    private static string ForPeople(CatalogueVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"{version.Hash}  {version.ImportedAt.ToOffset(VietnamTime.Offset):yyyy-MM-dd HH:mm:ss}  {version.Items,6} items  "
        + $"entry {version.Position}  {version.Source}");

    private static JsonObject ToJson(CatalogueVersion version) => new()
    {
        ["hash"] = version.Hash.ToString(),
        ["imported_at"] = version.ImportedAt.ToString("O", CultureInfo.InvariantCulture),
        ["source"] = version.Source,
        ["items"] = version.Items,
        ["position"] = version.Position,
    };

    private static JsonObject ToJson(CatalogueVersion version, ShopCatalogue catalogue)
    {
        JsonObject json = ToJson(version);
        json["items"] = new JsonArray([.. catalogue.Items.Select(item => (JsonNode)new JsonObject
        {
            ["by"] = item.Key.Kind.ToString(),
            ["key"] = item.Key.Value,
            ["valid_from"] = item.ValidFrom == CatalogueItem.Always ? null : item.ValidFrom.ToString("O", CultureInfo.InvariantCulture),
            ["name"] = item.Name,
            ["unit"] = item.Unit,
            ["rate"] = item.Rate?.ToString(),
            ["nature"] = (int?)item.Nature,
        })]);
        return json;
    }
}
