using Invoicing.Hashing;

namespace Invoicing.Sales;

/// <summary>Where drivers deliver records: the gateway, seen from a register's line. Safe for any number of threads.</summary>
public interface ISaleRecorder
{
    /// <summary>Asks where a register stands, before it is welcomed.</summary>
    /// <remarks>
    /// A gateway without history of this register asks the authority first and answers <see cref="RegisterStanding.Waiting"/> until it
    /// knows; ask again after a while. A new epoch of a known register retires the old one.
    /// </remarks>
    /// <param name="hello">What the register says of itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken);

    /// <summary>Makes a record durable, exactly once, and says what became of it.</summary>
    /// <remarks>
    /// Records of one epoch must come in the order of their sequences; concurrent calls for one register are numbered in call order. The
    /// same key and hash return the first outcome again.
    /// </remarks>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Counts until the record is taken into a commit group; after that the call ends with the outcome.</param>
    /// <exception cref="InvoicingException">The gateway stopped: a write failed, or the journal is closed. Nothing is known of the outcome.</exception>
    Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken);

    /// <summary>Records that sequences are lost for good: the register no longer holds what this gateway never had (TLK/1 rule 5).</summary>
    /// <param name="first">First missing record.</param>
    /// <param name="lastSequence">Last missing sequence of the same epoch.</param>
    /// <param name="reason">What the register said.</param>
    /// <param name="cancellationToken">As for <see cref="RecordAsync"/>.</param>
    Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken);

    /// <summary>Notes that a register's newest record is behind what is durable here: an old image of it was put back (TLK/1 rule 4).</summary>
    /// <param name="hello">What the register says of itself.</param>
    /// <param name="lastDurable">What is durable here.</param>
    /// <param name="cancellationToken">As for <see cref="RecordAsync"/>.</param>
    Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the newest record at or below a sequence of one life of a register's journal, so that a driver can tell whether the journal in
    /// front of it is the one that it read.
    /// </summary>
    /// <param name="atMost">Register, life, and highest sequence of interest.</param>
    /// <param name="cancellationToken">As for <see cref="RecordAsync"/>.</param>
    /// <returns>
    /// Its sequence and hash; <see langword="null"/> if nothing is recorded there: what was declared lost or recorded by another device has no
    /// hash. A recorder that does not remember knows none.
    /// </returns>
    ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) => new(((ulong, Sha256Hash)?)null);

    /// <summary>Whether our clock is fit to set a register's by. A recorder that keeps no watch over it says yes.</summary>
    bool IsClockPlausible => true;

    /// <summary>Asks for the lease that a register is to be offered now; cheap while none is due. A recorder without leases has none.</summary>
    /// <remarks>
    /// What is returned stands in the chain already. Until it is answered the same lease is returned again, also after a restart; ask
    /// only with the line up and nothing of the register's waiting.
    /// </remarks>
    /// <param name="serial">The register, welcome.</param>
    /// <param name="epoch">Its journal.</param>
    /// <param name="cancellationToken">As for <see cref="RecordAsync"/>.</param>
    /// <returns>The lease; <see langword="null"/> if none is due or none can be given now.</returns>
    Task<LeaseOffer?> OfferLeaseAsync(RegisterId serial, ulong epoch, CancellationToken cancellationToken) =>
        Task.FromResult<LeaseOffer?>(null);

    /// <summary>Notes what a register answered to a lease.</summary>
    /// <param name="serial">The register.</param>
    /// <param name="epoch">Its journal.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="newestSequence">
    /// The register's newest record when it took it: what was printed from an older lease has no higher sequence. <see langword="null"/>
    /// if it refused.
    /// </param>
    /// <param name="cancellationToken">As for <see cref="RecordAsync"/>.</param>
    Task LeaseAnsweredAsync(RegisterId serial, ulong epoch, ulong lease, ulong? newestSequence, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
