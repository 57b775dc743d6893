using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;
using Invoicing.Sales;

namespace Invoicing.Edge.Commands;

/// <summary>Fetches a till's captures from the running service, page by page, for commands that look at them.</summary>
internal sealed class CaptureFetch
{
    private const int Page = 100;

    private readonly string _socket;

    private CaptureFetch(string socket, CapturedTill till)
    {
        _socket = socket;
        Till = till;
    }

    /// <summary>The till, as the configuration file says now: what is tried out need not be in force yet.</summary>
    public CapturedTill Till { get; }

    /// <summary>Finds the till in a configuration file.</summary>
    /// <exception cref="InvoicingException">There is none of that name, or several and no name.</exception>
    public static CaptureFetch Of(string config, string? register)
    {
        var settings = EdgeSettings.Load(config);
        return new(settings.Control, CapturedTill.Choose(CapturedTill.All(settings.Registers.Select(r => r.Protocol)), register));
    }

    /// <summary>One page of the list, as the service answers it.</summary>
    public Task<JsonObject> ListAsync(long? before, string? only, int limit, CancellationToken cancellationToken)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"captures?register={Uri.EscapeDataString(Till.Register.Value)}&limit={limit}"
            + $"{(before is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"&before={before}"))}{(only is null ? string.Empty : $"&class={Uri.EscapeDataString(only)}")}");
        return ControlClient.AskAsync(_socket, path, content: null, cancellationToken);
    }

    /// <summary>The newest captures, without their bytes, of all classes that are wanted.</summary>
    /// <param name="isWanted">Which.</param>
    /// <param name="most">At most so many are returned, and ten times as many looked through.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ImmutableArray<KeptCapture>> NewestAsync(Predicate<KeptCapture> isWanted, int most, CancellationToken cancellationToken)
    {
        List<KeptCapture> found = [];
        long? before = null;
        for (int seen = 0; seen < 10 * most && found.Count < most; seen += Page)
        {
            JsonObject page = await ListAsync(before, only: null, Page, cancellationToken);
            found.AddRange(page["captures"]!.AsArray().Select(piece => CaptureJson.Read(piece!)).Where(piece => isWanted(piece)));
            before = page["next"]?.GetValue<long>();
            if (before is null)
            {
                break;
            }
        }

        return [.. found.Take(most)];
    }

    /// <summary>One capture with its bytes.</summary>
    /// <param name="number">Its number; <see langword="null"/>: the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvoicingException">There is none.</exception>
    public async Task<KeptCapture> ReadAsync(long? number, CancellationToken cancellationToken)
    {
        if (number is null)
        {
            ImmutableArray<KeptCapture> newest = await NewestAsync(_ => true, 1, cancellationToken);
            number = newest.IsEmpty
                ? throw new InvoicingException($"expected a capture of {Till.Register}, found none yet; print a receipt")
                : newest[0].Number;
        }

        string path = string.Create(CultureInfo.InvariantCulture, $"captures?register={Uri.EscapeDataString(Till.Register.Value)}&number={number}");
        return CaptureJson.Read(await ControlClient.AskAsync(_socket, path, content: null, cancellationToken));
    }
}
