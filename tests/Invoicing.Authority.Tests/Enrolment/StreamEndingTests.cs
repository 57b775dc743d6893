using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

public sealed class StreamEndingTests
{
    [Fact]
    public void A_device_is_ended_at_once_and_twice_more_and_a_reader_once()
    {
        var time = new ManualTime();
        var devices = new List<ChainId>();
        var readers = new List<long>();
        using var ending = new StreamEnding((enrolment, _, _) => devices.Add(enrolment), (client, _) => readers.Add(client), time);
        var device = ChainId.Create();

        time.Advance(TimeSpan.FromMilliseconds(999));
        ending.End(new(1, device, new Status(StatusCode.PermissionDenied, "stolen")));
        ending.End(new(2, Enrolment: null, new Status(StatusCode.PermissionDenied, "left")));
        Assert.Equal([device], devices);
        time.Advance(TimeSpan.FromMilliseconds(1)); // a tick right behind it is not enough
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([device, device, device], devices);
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([device, device, device], devices);
        Assert.Equal([2L], readers);
    }
}
