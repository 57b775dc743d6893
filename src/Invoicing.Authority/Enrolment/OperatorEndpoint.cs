using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment;

/// <summary>The service of <c>operator.proto</c>: an operator sees the devices of its own seller, and no others.</summary>
internal sealed class OperatorEndpoint(AuthorityRegistry registry, Callers callers, LedgerLookup ledger) : OperatorService.OperatorServiceBase
{
    /// <summary>Devices of an answer. Source: <c>operator.proto</c>.</summary>
    public const int PageDevices = 256;

    /// <summary>Lists devices.</summary>
    public override async Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context)
    {
        RegisteredClient caller = callers.Require(context, ClientRole.Operator);
        if (request.After.Length is not (0 or ChainId.Length))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"after: expected no bytes or {ChainId.Length}, found {request.After.Length}"));
        }

        // An operator's scope is one seller.
        string seller = caller.Scope!.Single();
        ChainId? after = request.After.Length == 0 ? null : new ChainId(request.After.Span);
        List<RegisteredClient> devices = registry.Query(q =>
        {
            long last = after is { } enrolment ? q.Device(enrolment) is { } known && known.Grant!.Seller.TaxCode.ToString() == seller ? known.Id
                : throw new RpcException(new Status(StatusCode.InvalidArgument, $"after: expected the enrolment of a device of seller {seller}, found {enrolment}"))
                : 0;
            return q.Devices(seller).Where(d => d.Id > last).Take(PageDevices + 1).ToList();
        });
        var response = new ListDevicesResponse { More = devices.Count > PageDevices };
        foreach (RegisteredClient device in devices.Take(PageDevices))
        {
            EnrolmentGrant grant = device.Grant!;
            ChainLink? head = await ledger.HeadAsync(grant, context.CancellationToken);
            response.Devices.Add(new SellerDevice
            {
                Name = device.Name,
                Enrolment = ByteString.CopyFrom(grant.Id.ToArray()),
                Standing = (DeviceStanding)device.Standing,
                Reason = device.Reason,
                Since = device.Since.ToUnixTimeMilliseconds(),
                CertificateEnd = device.CertificateEnd.ToUnixTimeMilliseconds(),
                Chain = head is null ? ByteString.Empty : ByteString.CopyFrom(head.Chain.ToArray()),
                Position = (ulong)(head?.Position ?? 0),
            });
        }

        return response;
    }
}
