using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace Invoicing.Authority.Enrolment;

/// <summary>How often enrolment and renewal may be tried: a secret of 80 bits is not found by trying, and trying costs the server signatures.</summary>
/// <remarks>A shop with twenty tills behind one address enrols them all at once; a device renews some times a year.</remarks>
internal sealed partial class EnrolmentLimits(TimeProvider time, ILogger<EnrolmentLimits> logger)
{
    /// <summary>Tries to enrol at once from one address (IPv6: from one /64).</summary>
    public const int BurstOfAddress = 20;

    /// <summary>Tries to enrol at once from everywhere.</summary>
    public const int BurstOfAll = 200;

    /// <summary>Renewals at once of one device.</summary>
    public const int BurstOfDevice = 5;

    /// <summary>Refusals between two lines of the log: a flood of tries must not become a flood of lines.</summary>
    private const int LogEvery = 100;

    private readonly ILogger _logger = logger;
    private readonly TryBudget _addresses = new(BurstOfAddress, TimeSpan.FromSeconds(3), time);
    private readonly TryBudget _all = new(BurstOfAll, TimeSpan.FromMilliseconds(50), time);
    private readonly TryBudget _devices = new(BurstOfDevice, TimeSpan.FromMinutes(1), time);
    private long _refused;

    /// <summary>Tries that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes a try to enrol.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED.</exception>
    public void TakeEnrolment(IPAddress? remote)
    {
        string address = KeyOf(remote);
        if (!_addresses.TryTake(address))
        {
            throw Refuse(address, $"expected at most {BurstOfAddress} tries to enrol at once from one address, found more: try again in a minute");
        }

        if (!_all.TryTake(string.Empty))
        {
            throw Refuse(address, $"expected at most {BurstOfAll} tries to enrol at once, found more: try again in a minute");
        }
    }

    /// <summary>Takes a renewal.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED.</exception>
    public void TakeRenewal(RegisteredClient device)
    {
        if (!_devices.TryTake(device.Id.ToString(CultureInfo.InvariantCulture)))
        {
            throw Refuse(device.Name, $"expected at most {BurstOfDevice} renewals of a device at once, found more: try again in a minute");
        }
    }

    /// <summary>An address as it is counted: who has one IPv6 address has its /64.</summary>
    internal static string KeyOf(IPAddress? remote)
    {
        if (remote is null)
        {
            return "unknown";
        }

        if (remote.IsIPv4MappedToIPv6)
        {
            remote = remote.MapToIPv4();
        }

        return remote.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Convert.ToHexStringLower(remote.GetAddressBytes().AsSpan(0, 8))}/64" : remote.ToString();
    }

    private RpcException Refuse(string who, string why)
    {
        long count = Interlocked.Increment(ref _refused);
        if (count % LogEvery == 1)
        {
            LogRefused(who, why, count);
        }

        return new(new Status(StatusCode.ResourceExhausted, why));
    }

    [LoggerMessage(3062, LogLevel.Warning, "A try to enrol or to renew by {Who} was refused: {Reason}; {Count} since the start")]
    private partial void LogRefused(string who, string reason, long count);
}
