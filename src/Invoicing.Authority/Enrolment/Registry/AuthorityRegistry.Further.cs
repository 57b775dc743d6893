using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment.Registry;

/// <content>Grants read back.</content>
internal sealed partial class AuthorityRegistry
{
    /// <summary>Grants to an enrolment behind those of its record, in the order of their numbers.</summary>
    /// <exception cref="InvoicingException">A grant does not verify: the file was changed.</exception>
    public IReadOnlyList<RangeGrant> FurtherOf(ChainId enrolment)
    {
        List<SignedRangeGrant> signed = [];
        lock (_gate)
        {
            if (_queries.Device(enrolment) is { } device)
            {
                while (_queries.Grant(device.Id, signed.Count + 1) is { } next)
                {
                    signed.Add(next);
                }
            }
        }

        using var key = VerifyingKey.Import(_signer.PublicKey.Span);
        var anchors = new Dictionary<Sha256Hash, VerifyingKey> { [key.KeyId] = key };
        return [.. signed.Select(statement => RangeGrant.Verify(statement, anchors, out RangeGrant? grant) is { } fault
            ? throw new InvoicingException($"{_file.Path}: grants of enrolment {enrolment}: {fault}")
            : grant!)];
    }
}
