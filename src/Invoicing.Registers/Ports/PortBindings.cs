using System.Collections.Immutable;

namespace Invoicing.Registers.Ports;

/// <summary>Which register has which port, and which ports may be probed. A judgement without side effects, made anew at each change.</summary>
/// <remarks>
/// Binding goes by what the register states of itself, then by the adapter's id, then by its place. Registers are judged in the order of the
/// configuration: of two that claim one port, or state one serial, the second is refused. Nothing may be probed that the operator did not
/// allow, that is in use, that is bound, or that an unclear address may mean: a wrong protocol's probe leaves half-open receipts behind.
/// </remarks>
/// <param name="Ports">Every listed port.</param>
/// <param name="Registers">Every configured register, in the configuration's order.</param>
public sealed record PortBindings(ImmutableArray<PortBinding> Ports, ImmutableArray<RegisterBinding> Registers)
{
    /// <summary>Judges.</summary>
    /// <param name="configured">The registers on serial ports, in the order in which they are configured.</param>
    /// <param name="listing">The ports there are.</param>
    /// <param name="holders">Who has which node open; see <see cref="PortWatch.Holders"/>.</param>
    /// <param name="allowed">What the operator allows to be probed. An address that is not clear allows nothing.</param>
    public static PortBindings Judge(
        IReadOnlyList<ConfiguredPort> configured,
        ImmutableArray<ListedPort> listing,
        IReadOnlyDictionary<string, string> holders,
        IReadOnlyCollection<PortAddress> allowed)
    {
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(holders);
        ArgumentNullException.ThrowIfNull(allowed);
        Claim[] claims = [.. configured.Select(register => new Claim(register, register.Address.Resolve(listing), register.Address.Undecided(listing)))];
        ImmutableArray<RegisterBinding> registers = [.. claims.Select((claim, index) => JudgeRegister(claim, claims, index))];
        HashSet<string> mayBe = [.. allowed.Select(address => address.Resolve(listing).Node).OfType<string>()];
        return new(
            [.. listing.Select(port => JudgePort(port, claims, registers, holders.GetValueOrDefault(port.Node), mayBe, PortAddress.Of(port, listing)))],
            registers);
    }

    private static RegisterBinding JudgeRegister(Claim claim, Claim[] claims, int index)
    {
        ConfiguredPort register = claim.Register;
        IEnumerable<Claim> before = claims.Take(index);
        string? refusal = claim.Found.Refusal;
        if (refusal is null && before.FirstOrDefault(other => other.Found.Node == claim.Found.Node) is { } holder)
        {
            refusal = $"{claim.Found.Node} is {holder.Register.Register}'s already, which is configured as {holder.Register.Address}; "
                + "give each register a port of its own";
        }

        refusal ??= JudgeIdentity(register, before, claims);
        return new(register, refusal is null ? claim.Found.Node : null, refusal);
    }

    /// <summary>What the register states goes before what the adapter says: adapters are swapped, and some have one serial for all.</summary>
    private static string? JudgeIdentity(ConfiguredPort register, IEnumerable<Claim> before, Claim[] claims)
    {
        if (register.Stated is { } stated && before.FirstOrDefault(other => other.Register.Stated == stated) is { } twin)
        {
            return $"register {stated} answers here and at {twin.Register.Register}, too: one register on two lines, or a copy of one; "
                + "take one of the lines out of the configuration, or have the register's maker give it a serial of its own";
        }

        if (register.Expected is { } expected && before.FirstOrDefault(other => other.Register.Expected == expected) is { } double_)
        {
            return $"register {expected} is expected here and at {double_.Register.Register}, too; a register has one line";
        }

        if (register is not { Expected: { } wanted, Stated: { } found } || wanted == found)
        {
            return null;
        }

        Claim? rightful = claims.FirstOrDefault(other => other.Register.Expected == found);
        return rightful is null
            ? $"expected register {wanted}, found {found}; connect the register that belongs here, or change what is expected"
            : $"expected register {wanted}, found {found}, which belongs to {rightful.Register.Register}: the cables or adapters are swapped; swap them back";
    }

    private static PortBinding JudgePort(
        ListedPort port, Claim[] claims, ImmutableArray<RegisterBinding> registers, string? holder, HashSet<string> mayBe, PortAddress address)
    {
        // A refused register's port stays its own: it may hang there after all.
        string[] claimants = [.. claims.Where(claim => claim.Found.Node == port.Node).Select(claim => claim.Register.Register)];
        string[] unclear = [.. claims.Where(claim => claim.Undecided.Any(one => one.Node == port.Node)).Select(claim => claim.Register.Register)];
        string? bound = registers.FirstOrDefault(register => register.Node == port.Node)?.Configured.Register;
        PortState state =
            bound is not null ? PortState.Bound
            : claimants.Length > 0 || unclear.Length > 0 ? PortState.Ambiguous
            : holder is not null ? PortState.InUse
            : PortState.Free;
        bool mayProbe = state == PortState.Free && mayBe.Contains(port.Node);
        string reason = state switch
        {
            PortState.Bound => $"bound to {bound}; a bound port is never probed",
            PortState.Ambiguous => $"it may be {string.Join("'s or ", claimants.Concat(unclear))}'s; it is not probed before that is clear",
            PortState.InUse => $"in use by {holder}; a port in use is never probed",
            _ when mayProbe => "free, and the operator allows to probe it",
            _ => $"free; it is probed only if the operator allows {address}",
        };
        return new(port, state, bound, holder, mayProbe, reason, address);
    }

    /// <summary>A configured register with what its address means.</summary>
    private sealed record Claim(ConfiguredPort Register, PortResolution Found, ImmutableArray<ListedPort> Undecided);
}
