using System.Globalization;
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
