using Invoicing.Gateway.Recording;
using Invoicing.Vietnam;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Puts an invoice right: replaces it, takes goods back, or notes the right buyer.</summary>
    /// <remarks>
    /// A correction is no register's record: it is entered under a line of this device's own. It is not repeatable by a key; that an invoice is
    /// replaced once, and no more given back than was sold, is the rules' part.
    /// </remarks>
    /// <param name="request">What, and how.</param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <exception cref="CorrectionRefusedException">The law, or what is recorded, forbids it; nothing was recorded.</exception>
    /// <exception cref="NotRecordedException">Recording waits or is stopped; nothing was recorded.</exception>
    /// <exception cref="Journal.JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    public async Task<IssuedCorrection> CorrectAsync(CorrectionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        CorrectionResult result = await _recorder.CorrectAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowIfRefused(result.Reason);
        return result.Faults.Length > 0
            ? throw new CorrectionRefusedException(request.Corrected, result.Faults)
            : new(result.Correction!, result.Entry!.Signed!, result.Correction!.Invoice is { } invoice ? LookupText.Of(invoice) : string.Empty);
    }
}
