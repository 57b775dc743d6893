using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// Finds out who is there by 5Ah alone, a command that changes nothing: in legacy frames first, which an X register refuses, then in X frames.
/// </summary>
internal static class DatecsHandshake
{
    /// <summary>How often a form is tried that the register may not know: a lost byte must not make it look like the other kind.</summary>
    private const int Tries = 3;

    private static readonly byte[] Question = "1"u8.ToArray();

    /// <summary>Asks who is there.</summary>
    /// <exception cref="RegisterTroubleException">Nobody of the family.</exception>
    public static async Task<DatecsIdentity> IdentifyAsync(
        IslLink link, DatecsVariant variant, string line, Encoding encoding, CancellationToken cancellationToken)
    {
        IslFailure failure = IslFailure.Silent;
        IslDialect[] dialects = variant switch
        {
            DatecsVariant.X => [IslDialect.X],
            DatecsVariant.Isl => [IslDialect.Legacy],
            _ => [IslDialect.Legacy, IslDialect.X],
        };
        foreach (IslDialect dialect in dialects)
        {
            link.Dialect = dialect;
            int tries = dialects.Length == 1 ? IslLink.MaxTries : Tries;

            // Whoever spoke here before may have used this very SEQ last; the register would then repeat that reply. So the first answer is not
            // looked at, and the second, under the next SEQ, is.
            IslAnswer first = await link.TryAskAsync(DatecsCommand.Identify, Question, tries, cancellationToken).ConfigureAwait(false);
            if (first.Failure == IslFailure.Refused)
            {
                failure = first.Failure;
                continue;
            }

            IslAnswer second = await link.TryAskAsync(DatecsCommand.Identify, Question, tries, cancellationToken).ConfigureAwait(false);
            if (second.Reply is { } reply)
            {
                // What is filed under a serial stays there, so it must be told twice.
                List<DatecsIdentity> told = [Read(dialect, reply, line, encoding)];
                return (await SureReading.TwiceAsync(
                    line, "who is there", told, async () => await AskAsync(link, dialect, line, encoding, cancellationToken).ConfigureAwait(false),
                    static (one, other) => one == other).ConfigureAwait(false))!;
            }

            failure = Telling(failure, second.Failure);
        }

        throw new RegisterTroubleException(link.Sentence(DatecsCommand.Identify, failure));
    }

    /// <summary>Asks again who is there, in the dialect that is known.</summary>
    /// <exception cref="RegisterTroubleException">Somebody else.</exception>
    public static async Task RequireSameAsync(
        IslLink link, DatecsIdentity expected, string line, Encoding encoding, CancellationToken cancellationToken)
    {
        DatecsIdentity? found = null;
        for (int i = 0; i < 2 && !IsSame(found, expected); i++)
        {
            found = await AskAsync(link, expected.Dialect, line, encoding, cancellationToken).ConfigureAwait(false);
        }

        if (found is not null && !IsSame(found, expected))
        {
            throw new RegisterTroubleException(
                $"{line}: expected register {expected.Serial} with fiscal memory {expected.Memory}, found {found.Serial} with {found.Memory}; it was changed while the line was open");
        }
    }

    private static bool IsSame(DatecsIdentity? found, DatecsIdentity expected) => found?.Serial == expected.Serial && found.Memory == expected.Memory;

    private static async Task<DatecsIdentity> AskAsync(IslLink link, IslDialect dialect, string line, Encoding encoding, CancellationToken cancellationToken)
    {
        IslFrame reply = await link.AskAsync(DatecsCommand.Identify, Question, cancellationToken).ConfigureAwait(false);
        return Read(dialect, reply, line, encoding);
    }

    /// <summary>What says more of two failures: silence says least.</summary>
    private static IslFailure Telling(IslFailure one, IslFailure other) => other == IslFailure.Silent ? one : other;

    private static DatecsIdentity Read(IslDialect dialect, IslFrame reply, string line, Encoding encoding)
    {
        ImmutableArray<string> fields = dialect == IslDialect.X
            ? XReply.Read(reply, encoding, line) is { Error: 0 } good
                ? good.Fields
                : throw new RegisterTroubleException($"{line}: expected the register's identity, found an error; the register's display may tell more")
            : [.. encoding.GetString(reply.Data.Span).Split(',')];
        return DatecsIdentity.Read(dialect, fields) ?? throw new RegisterTroubleException(
            $"{line}: expected model, firmware, serial and fiscal memory from command {DatecsCommand.Identify}, found '{DatecsAmount.Shown(string.Join(' ', fields))}'; a register without a serial cannot be told from another");
    }
}
