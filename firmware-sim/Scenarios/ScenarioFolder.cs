using System.Collections.Immutable;
using System.Text.Json;

namespace FirmwareSim.Scenarios;

/// <summary>Reads a folder of scenarios (tests/scenarios) and keeps those that a register on TLK/1 can ring up.</summary>
/// <remarks>
/// Left out: what is not the till's (corrections, another kind of invoice, results kept from elsewhere, a faulty seller), what hangs on
/// another clock than this one, and what TLK/1 has no bytes for (<see cref="ScenarioSale.Carries"/>).
/// </remarks>
internal static class ScenarioFolder
{
    /// <summary>Most files: a basket that people wrote, not a load.</summary>
    public const int MostFiles = 1000;

    private const int VatInvoice = 1;

    /// <summary>Reads the folder, in the order of the files' names.</summary>
    /// <exception cref="ScenarioException">It cannot be read, a file is no scenario, or none is left.</exception>
    public static ImmutableArray<ScenarioSale> Read(string folder)
    {
        string[] paths;
        try
        {
            paths = [.. Directory.GetFiles(folder, "??-*.json").Order(StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"--scenarios: expected a folder that can be read, found: {fault.Message}");
        }

        ImmutableArray<ScenarioSale> sales = [.. paths.Take(MostFiles).Select(TryRead).OfType<ScenarioSale>()];
        return paths.Length > MostFiles || sales.IsEmpty
            ? throw new ScenarioException(
                $"--scenarios: expected 1 to {MostFiles} files NN-name.json that a register can ring up, "
                + $"found {sales.Length} of {paths.Length} in {folder}")
            : sales;
    }

    private static ScenarioSale? ReadFile(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement scenario = document.RootElement;
        bool isTills = scenario.GetProperty("kind").GetInt32() == VatInvoice
            && !scenario.TryGetProperty("correction", out _) && !scenario.TryGetProperty("recovered", out _)
            && !scenario.TryGetProperty("clock_difference_s", out _) && !HasFaultySeller(scenario.GetProperty("expect"));
        JsonElement sale = scenario.GetProperty("sale").Clone();
        return isTills && ScenarioSale.Carries(sale) ? new(Path.GetFileNameWithoutExtension(path), sale) : null;
    }

    private static bool HasFaultySeller(JsonElement expect) => expect.TryGetProperty("faults", out JsonElement faults)
        && faults.EnumerateArray().Any(fault => fault.GetString()!.Contains(" at Seller.", StringComparison.Ordinal));

    private static ScenarioSale? TryRead(string path)
    {
        try
        {
            return ReadFile(path);
        }
        catch (Exception fault) when (
            fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            throw new ScenarioException($"--scenarios: {path}: expected a scenario, found: {fault.Message}");
        }
    }
}
