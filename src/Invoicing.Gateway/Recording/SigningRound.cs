using System.Runtime.ExceptionServices;
using Invoicing.Chain;
using Invoicing.Gateway.Keys;
using Invoicing.Signing;

namespace Invoicing.Gateway.Recording;

/// <summary>The signatures of one group, made by whoever has time.</summary>
/// <param name="signer">The key.</param>
/// <param name="entries">The group's entries.</param>
internal sealed class SigningRound(ISigner signer, IReadOnlyList<PendingEntry> entries)
{
    private int _next = -1;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Signs until nothing is left to be taken.</summary>
    public void Help()
    {
        while (TrySignNext())
        {
        }
    }

    /// <summary>The signed entry of a place in the group; signs others while it waits.</summary>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public SignedEntry Await(int index)
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (entries[index].Signed is { } signed)
            {
                return signed;
            }

            Volatile.Read(ref _fault)?.Throw();
            if (!TrySignNext())
            {
                // Another thread has it: at most one signature away. A token's may be seconds away, if it comes at all: not spun for.
                spin.SpinOnce(sleep1Threshold: signer is IGroupSigner ? 20 : -1);
            }
        }
    }

    /// <summary>As many as the key takes at once.</summary>
    private bool TrySignNextOf(IGroupSigner group)
    {
        int count = group.MaxGroup;
        int first = Interlocked.Add(ref _next, count) - count + 1;
        if (first >= entries.Count)
        {
            return false;
        }

#pragma warning disable CA1031 // As below.
        try
        {
            PendingEntry[] some = [.. entries.Skip(first).Take(count)];
            EcdsaSignature[] signatures = group.Sign([.. some.Select(entry => entry.Unsigned.Hash)]);
            for (int i = 0; i < some.Length; i++)
            {
                UnsignedEntry unsigned = some[i].Unsigned;
                some[i].Signed = new(unsigned.Position, unsigned.Kind, unsigned.Body, unsigned.Hash, signatures[i]);
            }
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _fault, ExceptionDispatchInfo.Capture(fault));
        }
#pragma warning restore CA1031

        return true;
    }

    private bool TrySignNext()
    {
        if (signer is IGroupSigner group)
        {
            return TrySignNextOf(group);
        }

        int index = Interlocked.Increment(ref _next);
        if (index >= entries.Count)
        {
            return false;
        }

#pragma warning disable CA1031 // Runs on pool threads, too: whatever it is, it is thrown again on the writer's.
        try
        {
            entries[index].Signed = entries[index].Unsigned.Sign(signer);
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _fault, ExceptionDispatchInfo.Capture(fault));
        }
#pragma warning restore CA1031

        return true;
    }
}
