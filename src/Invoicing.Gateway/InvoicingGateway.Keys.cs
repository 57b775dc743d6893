using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway;

/// <content>The signing key: found when the journal is opened, and changed while it is written.</content>
/// <remarks>
/// A rotation goes in this order: the place of the new key is noted in the journal, the key is made there, and then one transaction writes the
/// key change, notes the new place and keeps the old one's. Dying before it leaves the old key in force and a new one that the next start removes;
/// dying after it leaves the new key in force and the old one to be removed. The old key stays until a watermark covers the key change, because
/// the authority may ask for a signature of it again; proofs of possession do not need it.
/// </remarks>
public sealed partial class InvoicingGateway
{
    private readonly SigningKeys _keys;
    private int _rotating;

    /// <summary>Lets the chain go on under another key. Sales go on meanwhile.</summary>
    /// <param name="to">Where the new key lies, or is made if there is none; <see langword="null"/>: in a file beside the present one.</param>
    /// <param name="cancellationToken">Counts until the key change is taken into a group.</param>
    /// <exception cref="NotRecordedException">Recording waits or is stopped, or one of the keys cannot be used now: nothing was changed.</exception>
    /// <exception cref="InvoicingException">
    /// The new key cannot be opened or made, or is the one in force, or another rotation is under way: nothing was changed.
    /// </exception>
    /// <exception cref="JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    public async Task<KeyRotation> RotateKeyAsync(KeyLocation? to = null, CancellationToken cancellationToken = default)
    {
        BeginRotation();
        try
        {
            RequireRoom();
            KeyLocation place = to ?? SigningKeys.NextTo(ParseNoted(_recorder.State.Keys.InForce), UsualPlace(_options));
            ISigner? next = await Task.Run(() => _keys.Read(place), cancellationToken).ConfigureAwait(false);
            bool isNew = next is null;
            next ??= await CreateAsync(place, cancellationToken).ConfigureAwait(false);
            try
            {
                return await ChangeToAsync(next, place.ToString(), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (isNew && fault is not JournalFailedException)
            {
                // Nothing was recorded, so the new key signs nothing ever. After a failed write nothing is known: the next start decides.
                SigningKeys.Remove(place);
                ThrowIfRefused(await _recorder.NoteNextKeyAsync(null, CancellationToken.None).ConfigureAwait(false));
                throw;
            }
        }
        finally
        {
            Volatile.Write(ref _rotating, 0);
        }
    }

    /// <summary>Lets the chain go on under another key, which the embedding program keeps. Sales go on meanwhile.</summary>
    /// <remarks>The program hands the same key in again at the next start (<see cref="GatewayOptions.Signer"/>).</remarks>
    /// <param name="next">The new key; the gateway's from here on, and disposed by it, unless this call throws.</param>
    /// <param name="cancellationToken">Counts until the key change is taken into a group.</param>
    /// <exception cref="NotRecordedException">Recording waits or is stopped, or one of the keys cannot be used now: nothing was changed.</exception>
    /// <exception cref="InvoicingException">
    /// The new key is the one in force, or not what it says, or another rotation is under way: nothing was changed.
    /// </exception>
    /// <exception cref="JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    public async Task<KeyRotation> RotateKeyAsync(ISigner next, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        BeginRotation();
        try
        {
            RequireRoom();
            return await ChangeToAsync(next, place: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _rotating, 0);
        }
    }

    private void BeginRotation()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        if (Interlocked.Exchange(ref _rotating, 1) == 1)
        {
            throw new InvoicingException("expected no rotation to be under way, found one; ask again when it is done", isTransient: true);
        }
    }

    /// <summary>A proof of possession brings along the key changes that the authority has not, and no more than so many.</summary>
    private void RequireRoom()
    {
        using var reader = JournalReader.Open(_options.JournalPath);
        if (reader.KeyChangesAfter(_recorder.Acknowledged.Checkpoint, PossessionProof.MaxKeyChanges).Count == PossessionProof.MaxKeyChanges)
        {
            throw new InvoicingException(
                $"expected fewer than {PossessionProof.MaxKeyChanges} key changes that the authority has not acknowledged, found as many; let the device send first. Nothing was changed");
        }
    }

    private KeyStatus KeyStatusOf(JournalState state)
    {
        KeyLocation? place = ParseNoted(state.Keys.InForce);
        return new(
            Sha256Hash.Of(state.PublicKey.Span), place?.Kind ?? "caller's", place?.ToString(), _keys.Warning(place), state.Keys.Retired.Length);
    }

    private static KeyLocation? ParseNoted(string? place) => place is null ? null : KeyLocation.Parse(place, "/");

    private static KeyLocation UsualPlace(GatewayOptions options) => options.SigningKey ?? new KeyLocation.InFile(Path.GetFullPath(options.JournalPath + ".key"));

    private async Task<ISigner> CreateAsync(KeyLocation place, CancellationToken cancellationToken)
    {
        ThrowIfRefused(await _recorder.NoteNextKeyAsync(place.ToString(), cancellationToken).ConfigureAwait(false));
        try
        {
            return await Task.Run(() => _keys.Create(place), CancellationToken.None).ConfigureAwait(false);
        }
        catch (InvoicingException)
        {
            ThrowIfRefused(await _recorder.NoteNextKeyAsync(null, CancellationToken.None).ConfigureAwait(false));
            throw;
        }
    }

    /// <summary>The key is the recorder's if this returns, and is disposed of if it throws.</summary>
    private async Task<KeyRotation> ChangeToAsync(ISigner next, string? place, CancellationToken cancellationToken)
    {
        Sha256Hash before = _recorder.Signer.KeyId;
        bool isTaken = false;
        try
        {
            if (next.KeyId == before)
            {
                throw new InvoicingException($"expected another key than the one in force, found the same ({before}); nothing was changed");
            }

            await Task.Run(() => RequireUse(next), cancellationToken).ConfigureAwait(false);
            (long position, string? refusal) = await _recorder.ChangeKeyAsync(next, place, cancellationToken).ConfigureAwait(false);
            ThrowIfRefused(refusal);
            isTaken = true;
            return new(position, before, next.KeyId, place);
        }
        catch (JournalFailedException)
        {
            isTaken = true; // nothing is known: the recorder may hold it
            throw;
        }
        finally
        {
            if (!isTaken)
            {
                next.Dispose();
            }
        }
    }

    /// <summary>Tried before the writer sees it: sales must not wait for a key that hangs, nor the chain follow one that is not what it says.</summary>
    private static void RequireUse(ISigner next)
    {
        var hash = Sha256Hash.Of(RandomNumberGenerator.GetBytes(Sha256Hash.Length));
        try
        {
            using var key = VerifyingKey.Import(next.PublicKey.Span);
            if (key.KeyId != next.KeyId || !key.Verify(hash, next.Sign(hash)))
            {
                throw new InvoicingException("expected a new key whose signatures its public half verifies, found another; nothing was changed");
            }
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException($"expected a new key on P-256, found another: {fault.Message}; nothing was changed", innerException: fault);
        }
        catch (SignerUnavailableException fault)
        {
            throw new NotRecordedException(fault.Message);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the signer.")]
    private static (ISigner Signer, KeyLocation? Place) FindSigner(GatewayOptions options, SigningKeys keys, (ISigner? Signer, KeyLocation? Place) begun, JournalState state)
    {
        var keyId = Sha256Hash.Of(state.PublicKey.Span);
        KeyLocation? noted = ParseNoted(state.Keys.InForce);
        if (begun.Signer is { } signer && (signer.KeyId == keyId || noted is null))
        {
            return signer.KeyId == keyId
                ? (signer, begun.Place)
                : throw new InvoicingException($"expected the chain's signing key {keyId}, found {signer.KeyId}; put the right key back");
        }

        KeyLocation[] places = [.. new[] { noted, options.SigningKey, options.Signer is null ? UsualPlace(options) : null }.OfType<KeyLocation>().Distinct()];
        (ISigner Signer, KeyLocation Place) found = keys.Find(places, state.PublicKey);
        begun.Signer?.Dispose(); // a key from before the last rotation
        return found;
    }

    /// <summary>Brings the journal's note of its keys in order, and removes what a rotation that died left behind.</summary>
    private static JournalState TidyKeys(JournalFile file, KeyLocation? place, JournalState state, ILogger logger)
    {
        JournalKeys noted = state.Keys with { InForce = place?.ToString(), Next = null };
        try
        {
            if (state.Keys.Next is { } next && next != noted.InForce)
            {
                SigningKeys.Remove(KeyLocation.Parse(next, "/"));
            }

            foreach (RetiredKey retired in noted.Retired.Where(key => key.Position <= state.Uplink.Checkpoint).ToArray())
            {
                if (retired.Place != noted.InForce)
                {
                    SigningKeys.Remove(KeyLocation.Parse(retired.Place, "/"));
                }

                noted = noted with { Retired = noted.Retired.Remove(retired) };
            }
        }
        catch (InvoicingException fault)
        {
            LogKeyStays(logger, fault.Message);
            return state;
        }

        if (noted.InForce != state.Keys.InForce || state.Keys.Next is not null || noted.Retired.Length != state.Keys.Retired.Length)
        {
            file.Begin();
            file.Save(noted);
            file.Commit();
        }

        return state with { Keys = noted };
    }

    [LoggerMessage(2105, LogLevel.Warning, "A key that never came into force, or is not in force any more, cannot be removed: {Reason}")]
    private static partial void LogKeyStays(ILogger logger, string reason);
}
