using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Fetches from the register's electronic journal, over a line of its own, what the push lost.</summary>
internal sealed class JournalFill(ILine line, DatecsReading reading, TimeProvider time, DriverCounters counters) : IAsyncDisposable
{
    /// <summary>Longest that the line may take to open before it is tried again.</summary>
    private static readonly TimeSpan MaxOpening = TimeSpan.FromSeconds(5);

    private ILineConnection? _connection;
    private IJournalSource? _journal;

    /// <summary>Why the last reading failed; <see langword="null"/> if it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether this journal was seen to hold what the register pushed: two lines can be plugged into two registers.</summary>
    public bool IsProven { get; private set; }

    /// <summary>Looks whether the journal holds a receipt as it was pushed.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="total">What it came to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it may be read for what is missing; if not, it could not be asked or is another register's, and <see cref="Trouble"/> says so.</returns>
    public async Task<bool> TryProveAsync(ulong number, Money total, CancellationToken cancellationToken)
    {
        JournalAnswer? answer = await TryReadAsync(number, cancellationToken).ConfigureAwait(false);
        if (answer is null or JournalAnswer.NotNow)
        {
            return false;
        }

        JournalDocument? found = (answer as JournalAnswer.Found)?.Document;
        IsProven = found is { Fault: null } && found.Total == total;
        if (!IsProven && found?.Fault is null)
        {
            Trouble = string.Create(
                CultureInfo.InvariantCulture,
                $"{line.Name}: expected receipt {number} over {total} in the journal, as the register pushed it, found {(found is null ? "none" : $"one over {found.Total}")}; look whether this line goes to the same register");
            return false;
        }

        return true;
    }

    /// <summary>Reads a receipt.</summary>
    /// <returns>What the register answers; <see langword="null"/> if it could not be asked.</returns>
    public async Task<JournalAnswer?> TryReadAsync(ulong number, CancellationToken cancellationToken)
    {
        try
        {
            IJournalSource journal = _journal ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
            if (await journal.RangeAsync(cancellationToken).ConfigureAwait(false) is not { } range)
            {
                return null;
            }

            Trouble = null;
            return number < range.Oldest || number > range.Newest
                ? new JournalAnswer.Missing(string.Create(CultureInfo.InvariantCulture, $"the register's journal holds documents {range.Oldest} to {range.Newest}"))
                : await journal.ReadAsync(number, range, cancellationToken).ConfigureAwait(false);
        }
        catch (InvoicingException fault) when (fault is LineGoneException or RegisterTroubleException)
        {
            Trouble = fault.Message;
            await DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Trouble = $"{line.Name}: expected the journal's line to open within {MaxOpening.TotalSeconds:0} s, found that it does not";
            await DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _journal = null;
        IsProven = false;
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<IJournalSource> OpenAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(MaxOpening, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        _connection = await line.ConnectAsync(either.Token).ConfigureAwait(false);
        IslLink link = new(_connection, line.Name, time, counters);
        DatecsIdentity identity = await DatecsHandshake.IdentifyAsync(link, DatecsVariant.Auto, line.Name, reading.Encoding, cancellationToken).ConfigureAwait(false);
        _journal = identity.Dialect == IslDialect.X ? new XJournal(link, line.Name, identity.Serial, reading, new()) : new LegacyJournal(link, line.Name, reading, new());
        return _journal;
    }
}
