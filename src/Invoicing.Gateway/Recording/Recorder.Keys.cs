using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

/// <content>
/// The key in force, and changing it. The first stage numbers under the key that will be in force, so a change counts there as soon as its group is
/// handed on; for everybody else it counts from the commit. A change whose group is given up leaves the old key in force in both.
/// </content>
internal sealed partial class Recorder
{
    /// <summary>Key of the next group, should all that is under way be committed.</summary>
    private ISigner _tipSigner;

    /// <summary>
    /// The key before, until the next change: a proof of possession or a late helper may be signing with it at this moment, and takes
    /// milliseconds.
    /// </summary>
    private ISigner? _previousSigner;

    /// <inheritdoc/>
    public ISigner Signer => Volatile.Read(ref _signer);

    /// <summary>Puts another key into force, by an entry that the old key signs and the new one proves.</summary>
    /// <param name="next">The new key; the recorder's from the commit on.</param>
    /// <param name="place">Where it lies; <see langword="null"/> if only the caller knows.</param>
    /// <param name="cancellationToken">Counts until it is taken into a group.</param>
    /// <returns>The entry's position, or why there is none.</returns>
    public Task<(long Position, string? Refusal)> ChangeKeyAsync(ISigner next, string? place, CancellationToken cancellationToken) => Post(
        new AnsweredWork<(long, string?)>(group => ChangeKey(group, next, place), why => (0, why), isAlone: true), cancellationToken);

    /// <summary>Notes where a key is about to be made, so that it is found and removed if it never comes into force.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public Task<string?> NoteNextKeyAsync(string? place, CancellationToken cancellationToken) => Post(
        new AnsweredWork<string?>(
            group =>
            {
                NoteKeys(group, group.Keys with { Next = place });
                return null;
            },
            why => why),
        cancellationToken);

    private static void NoteKeys(RecordingGroup group, JournalKeys keys)
    {
        group.Keys = keys;
        group.Write(file => file.Save(keys));
        group.ChangeAtCommit(state => state with { Keys = keys });
    }

    private static (long Position, string? Refusal) ChangeKey(RecordingGroup group, ISigner next, string? place)
    {
        if (group.Refusal is { } refusal)
        {
            return (0, refusal);
        }

        try
        {
            Sha256Hash before = group.Signer.KeyId;
            PendingEntry entry = group.AppendKeyChange(next);
            NoteKeys(group, group.Keys.Changed(entry.Unsigned.Position, before, place));
            ReadOnlyMemory<byte> publicKey = next.PublicKey;
            group.ChangeAtCommit(state => state with { PublicKey = publicKey });
            return (entry.Unsigned.Position, null);
        }
        catch (SignerUnavailableException fault)
        {
            return (0, fault.Message);
        }
    }

    /// <summary>After a commit: the key of its last group is in force.</summary>
    private void Adopt(ISigner signer)
    {
        ISigner before = _signer;
        if (ReferenceEquals(before, signer))
        {
            return;
        }

        Volatile.Write(ref _signer, signer);
        Interlocked.Exchange(ref _previousSigner, before)?.Dispose();
        LogKeyChanged(before.KeyId, signer.KeyId);
    }

    /// <summary>Called when a watermark came: keys whose last entry it covers are not needed any more.</summary>
    private void RemoveRetiredSoon(long checkpoint)
    {
        if (State.Keys.Retired is [{ } oldest, ..] && oldest.Position <= checkpoint)
        {
            // If the queue is full, the next watermark asks again.
            _ = _queue.Writer.TryWrite(new AnsweredWork<bool>(group => RemoveRetired(group, checkpoint), _ => false));
        }
    }

    private bool RemoveRetired(RecordingGroup group, long checkpoint)
    {
        foreach (RetiredKey key in group.Keys.Retired.Where(key => key.Position <= checkpoint).ToArray())
        {
            try
            {
                // The key first, its note after it: dying in between leaves a note of a key that is gone, which the next start clears.
                if (key.Place != group.Keys.InForce)
                {
                    SigningKeys.Remove(KeyLocation.Parse(key.Place, "/"));
                    LogKeyRemoved(key.KeyId, key.Place);
                }

                NoteKeys(group, group.Keys with { Retired = group.Keys.Retired.Remove(key) });
            }
            catch (InvoicingException fault)
            {
                LogKeyStays(fault.Message);
            }
        }

        return true;
    }

    /// <summary>The key that was in force before and signed an entry, where it is still there.</summary>
    private ISigner? OpenRetired(Sha256Hash keyId)
    {
        if (State.Keys.Retired.FirstOrDefault(key => key.KeyId == keyId) is not { } retired)
        {
            return null;
        }

        try
        {
            return _settings.Keys.Read(KeyLocation.Parse(retired.Place, "/"));
        }
        catch (InvoicingException fault)
        {
            LogKeyStays(fault.Message);
            return null;
        }
    }

    [LoggerMessage(2102, LogLevel.Information, "The chain goes on under another key: {Before} is followed by {Next}")]
    private partial void LogKeyChanged(Sha256Hash before, Sha256Hash next);

    [LoggerMessage(2103, LogLevel.Information, "Key {Key}, which is not in force any more, was removed from {Place}")]
    private partial void LogKeyRemoved(Sha256Hash key, string place);

    [LoggerMessage(2104, LogLevel.Warning, "A key that is not in force any more cannot be opened or removed: {Reason}")]
    private partial void LogKeyStays(string reason);
}
