using System.Collections.Immutable;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Ports;

public sealed partial record PortAddress
{
    /// <summary>Most ports that a sentence lists: a till has two or three, and a sentence stays one.</summary>
    private const int MostNamed = 6;

    /// <summary>Finds what the address means among what is plugged in: first by id, then by place. Never guesses.</summary>
    /// <remarks>
    /// An address with a place means that place only: the one adapter left of two equal ones is not the other's. A name under
    /// <c>/dev/serial</c> that two adapters share, of which udev links one, is refused, too. Other nodes stand for themselves.
    /// </remarks>
    /// <param name="listing">The ports there are now.</param>
    public PortResolution Resolve(ImmutableArray<ListedPort> listing)
    {
        ListedPort[] candidates = [.. Candidates(listing)];
        if (Node is not null)
        {
            return candidates.Length switch
            {
                0 => PortResolution.To(Node),
                1 => PortResolution.To(candidates[0].Node),
                _ => PortResolution.Refused(TooMany(candidates, listing), LineUnavailableException.TooMany),
            };
        }

        ListedPort[] placed = [.. candidates.Where(IsAtPath)];
        return placed.Length switch
        {
            1 => PortResolution.To(placed[0].Node),
            > 1 => PortResolution.Refused(TooMany(placed, listing), LineUnavailableException.TooMany),
            _ when candidates.Length > 0 => PortResolution.Refused(Elsewhere(candidates, listing), nameof(Elsewhere)),
            _ => PortResolution.Refused(NotThere(listing), nameof(NotThere)),
        };
    }

    /// <summary>The ports that a refused address may mean: those among which it does not decide, or equal ones in other places.</summary>
    internal ImmutableArray<ListedPort> Undecided(ImmutableArray<ListedPort> listing)
    {
        ImmutableArray<ListedPort> candidates = [.. Candidates(listing)];
        if (Resolve(listing).IsResolved)
        {
            return [];
        }

        ImmutableArray<ListedPort> placed = [.. candidates.Where(port => Node is not null || IsAtPath(port))];
        return placed.Length > 1 ? placed : candidates;
    }

    /// <summary>Ports with the address's identity, wherever they are.</summary>
    private IEnumerable<ListedPort> Candidates(ImmutableArray<ListedPort> listing)
    {
        if (Node is not null)
        {
            ListedPort? itself = listing.FirstOrDefault(port => port.Node == Node);
            return itself is not null ? [itself] : listing.Where(port => IsNamed(port, Node));
        }

        return listing.Where(port => port.IsUsb
            && (Vendor is null || (Vendor == port.Vendor && Product == port.Product))
            && (Serial is null || Serial == port.Serial)
            && (Interface is null || Interface == port.Interface)
            && (Vendor is not null || IsAtPath(port)));
    }

    private static bool IsNamed(ListedPort port, string link) =>
        link == "/dev/serial/by-id/" + port.ById || link == "/dev/serial/by-path/" + port.ByPath || port.Links.Contains(link, StringComparer.Ordinal);

    private bool IsAtPath(ListedPort port) => Path is null || Path == port.BusPath || Path == port.UsbDevice;

    private string TooMany(ListedPort[] found, ImmutableArray<ListedPort> listing)
    {
        string write = string.Join(" or ", found.Take(MostNamed).Select(port => Of(port, listing)));
        bool single = found.All(port => port.UsbDevice == found[0].UsbDevice);
        return single
            ? $"the adapter at {found[0].UsbDevice} has {found.Length} ports that answer to {this} ({Named(found)}); write {write}"
            : $"{found.Length} ports answer to {this} ({Named(found)}); write {write}";
    }

    private string Elsewhere(ListedPort[] found, ImmutableArray<ListedPort> listing) =>
        $"nothing that answers to {this} is plugged in at {Path}; the same kind is at {Named(found)}: "
        + $"plug it back, or write {string.Join(" or ", found.Take(MostNamed).Select(port => Of(port, listing)))}";

    private string NotThere(ImmutableArray<ListedPort> listing)
    {
        ListedPort[] usb = [.. listing.Where(port => port.IsUsb)];
        return usb.Length == 0
            ? $"nothing that answers to {this} is plugged in, nor any other USB serial adapter; is it plugged in and switched on?"
            : $"nothing that answers to {this} is plugged in; plugged in are {string.Join(", ", usb.Take(MostNamed).Select(port => Of(port, listing)))}";
    }

    private static string Named(IEnumerable<ListedPort> ports) =>
        string.Join(", ", ports.Take(MostNamed).Select(port => port.BusPath is null ? port.Node : $"{port.BusPath} as {port.Node}"));
}
