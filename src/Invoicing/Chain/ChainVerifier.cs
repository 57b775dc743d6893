using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Judges runs of entries against what is known of their chain: the pure core of intake and of every checker.</summary>
/// <remarks>
/// Links and positions are checked for every entry. Of a run, only the last signature is checked: SHA-256 carries its authority back
/// over every body of the run. An opening and a key change end their run, so that they are checked in full, under the key in force before
/// them, ahead of anything that follows. Inner signatures are covered by no hash: whoever needs them checked asks for
/// <see cref="SignatureDepth.Every"/>. Source: design.md 5.3.
/// </remarks>
public sealed class ChainVerifier(KeyRing keys)
{
    private readonly KeyRing _keys = keys ?? throw new ArgumentNullException(nameof(keys));

    /// <summary>Checks a run of entries that is said to follow a state.</summary>
    /// <param name="state">What is known; not changed.</param>
    /// <param name="entries">The run, at least one entry.</param>
    /// <param name="depth">Which signatures to check.</param>
    /// <returns>
    /// The entries that follow, with their fields, and the state after them. If there is a fault, these are the entries before it
    /// whose authority was established: they may be stored, nothing behind them may.
    /// </returns>
    public VerifiedRun Verify(ChainState state, IReadOnlyList<ReceivedEntry> entries, SignatureDepth depth)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(entries);
        var run = new Run(_keys, state, depth, entries.Count);
        foreach (ReceivedEntry entry in entries)
        {
            if (!run.Take(entry))
            {
                break;
            }
        }

        return run.Close();
    }

    /// <summary>One pass; entries wait in <see cref="_pending"/> until a signature establishes them.</summary>
    private sealed class Run(KeyRing keys, ChainState state, SignatureDepth depth, int expected)
    {
        private readonly List<VerifiedEntry> _verified = new(expected);
        private ChainState _established = state;
        private ChainState _seen = state;
        private VerifiedEntry? _last;
        private VerifyingKey? _key;
        private int _pending;
        private ChainFault? _fault;

        public bool Take(ReceivedEntry received)
        {
            long expectedPosition = _seen.Position + 1;
            ReadOnlySpan<byte> body = received.Body.Span;
            if (EntryFields.Read(body, out EntryFields fields) is { } malformed)
            {
                return Fail(ChainFaultReason.Malformed, malformed);
            }

            if (LinkFault(fields, expectedPosition) is { } link)
            {
                return Fail(link.Reason, link.Text);
            }

            if (KeyInForce(fields, body) is not { } key)
            {
                return false;
            }

            var entry = new VerifiedEntry(
                new(fields.Position, fields.Kind, received.Body, SignedEntry.HashOf(body), received.Signature), fields);
            _verified.Add(entry);
            _pending++;
            _last = entry;
            _seen = _seen with { Position = fields.Position, Hash = entry.Entry.Hash, PublicKey = key.PublicKey };
            return fields.Kind switch
            {
                EntryKind.Opening => Establish(key),
                EntryKind.KeyChange => Establish(key) && ChangeKey(fields, body),
                EntryKind.Seal => !IsRetirement(fields, body) || (Establish(key) && Retire()),
                _ => depth != SignatureDepth.Every || Establish(key),
            };
        }

        public VerifiedRun Close()
        {
            // Also ahead of a fault: what came before the faulty entry is kept if its own last signature carries it.
            if (_pending > 0 && _fault?.Reason != ChainFaultReason.Signature)
            {
                Establish(keys.Find(_seen.PublicKey.Span)!);
            }

            // What no signature has established goes nowhere.
            _verified.RemoveRange(_verified.Count - _pending, _pending);
            return new(_verified, _established, _fault);
        }

        private static bool IsRetirement(in EntryFields fields, ReadOnlySpan<byte> body) =>
            SealContent.Parser.ParseFrom(fields.Content(body)).Kind == SealKind.Retirement;

        private ChainFault? LinkFault(in EntryFields fields, long position)
        {
            return _seen.IsRetired ? new(ChainFaultReason.Sealed, position, "expected nothing after the chain's retirement, found an entry")
                : fields.Chain != _seen.Chain ? new(ChainFaultReason.Chain, position, $"expected chain {_seen.Chain}, found {fields.Chain}")
                : fields.Position != position ? new(ChainFaultReason.Gap, position, $"expected position {position}, found {fields.Position}")
                : fields.PreviousHash != _seen.Hash
                    ? new(ChainFaultReason.Link, position, $"expected previous hash {_seen.Hash}, found {fields.PreviousHash}")
                : fields.IsKnownFormat && fields.Kind == EntryKind.Opening != (position == 1)
                    ? new(ChainFaultReason.Opening, position, $"expected an opening at position 1 and only there, found {fields.Kind} at {position}")
                : null;
        }

        /// <summary>The key that must have signed this entry, or nothing after noting the fault.</summary>
        private VerifyingKey? KeyInForce(in EntryFields fields, ReadOnlySpan<byte> body)
        {
            ReadOnlySpan<byte> publicKey = fields.Kind == EntryKind.Opening
                ? OpeningContent.Parser.ParseFrom(fields.Content(body)).PublicKey.Span
                : _seen.PublicKey.Span;
            if (fields.Kind == EntryKind.Opening && !_seen.PublicKey.IsEmpty && !publicKey.SequenceEqual(_seen.PublicKey.Span))
            {
                Fail(
                    ChainFaultReason.Opening,
                    $"expected an opening by the enrolled key {Hashing.Sha256Hash.Of(_seen.PublicKey.Span)}, found key {Hashing.Sha256Hash.Of(publicKey)}");
                return null;
            }

            // The ring finds a key by its hash; a run mostly stays under one key, which costs no hash this way.
            VerifyingKey? key = _key is { } last && fields.Kind != EntryKind.Opening && last.PublicKey.Equals(_seen.PublicKey)
                ? last
                : keys.Find(publicKey);
            if (key is null)
            {
                Fail(ChainFaultReason.Key, "expected a P-256 public key, found other bytes");
                return null;
            }

            if (key.KeyId != fields.KeyId)
            {
                Fail(ChainFaultReason.Key, $"expected key {key.KeyId}, found {fields.KeyId}");
                return null;
            }

            _key = key;

            return key;
        }

        private bool Establish(VerifyingKey key)
        {
            SignedEntry last = _last!.Entry;
            if (!key.Verify(last.Hash, last.Signature))
            {
                return Fail(
                    ChainFaultReason.Signature, last.Position, $"expected a signature of key {key.KeyId} over hash {last.Hash}, found another");
            }

            _pending = 0;
            _established = _seen;
            return true;
        }

        private bool ChangeKey(in EntryFields fields, ReadOnlySpan<byte> body)
        {
            KeyChangeContent change = KeyChangeContent.Parser.ParseFrom(fields.Content(body));
            if (keys.Find(change.PublicKey.Span) is not { } next || change.Proof.Length != EcdsaSignature.Length
                || !next.Verify(KeyChangeProof.HashFor(fields.Chain, fields.Position, fields.PreviousHash), new(change.Proof.Span)))
            {
                // The old key vouches for everything before the change; the change itself goes nowhere.
                _verified.RemoveAt(_verified.Count - 1);
                _established = _established with { Position = fields.Position - 1, Hash = fields.PreviousHash };
                return Fail(
                    ChainFaultReason.Key, fields.Position, "expected the new key's proof of possession in the key change, found none that verifies");
            }

            _seen = _seen with { PublicKey = next.PublicKey };
            _established = _seen;
            return true;
        }

        private bool Retire()
        {
            _seen = _seen with { IsRetired = true };
            _established = _seen;
            return true;
        }

        private bool Fail(ChainFaultReason reason, string text) => Fail(reason, _seen.Position + 1, text);

        private bool Fail(ChainFaultReason reason, long position, string text)
        {
            _fault ??= new(reason, position, text);
            return false;
        }
    }
}
