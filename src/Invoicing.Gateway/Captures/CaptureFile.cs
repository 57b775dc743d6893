using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>The file, open: its one writer, and one connection that reads. Any number of threads.</summary>
internal sealed class CaptureFile : IAsyncDisposable
{
    private readonly SqliteFile _reader;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private bool _isClosed;

    private CaptureFile(CaptureWriter writer, SqliteFile reader)
    {
        Writer = writer;
        _reader = reader;
    }

    /// <summary>Who changes it.</summary>
    public CaptureWriter Writer { get; }

    /// <summary>Opens the file and makes it if it is not there.</summary>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    /// <exception cref="InvoicingException">It is damaged, or something else.</exception>
    public static CaptureFile Open(string path, long maxBytes, CaptureSeams? seams)
    {
        SqliteFile? file = null;
        try
        {
            file = SqliteFile.OpenWriter(path);
            if (file.Scalar("PRAGMA application_id") == 0 && file.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            {
                CaptureTables.Create(file);
            }

            RequireFormat(file);
            var reader = SqliteFile.OpenReader(path);
            return new(new(file, maxBytes, seams), reader);
        }
        catch (SqliteException fault) when (fault.IsDamage)
        {
            file?.Dispose();
            throw new InvoicingException(DamageText(path, fault), innerException: fault);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>What to tell of a file that is no sound database.</summary>
    public static string DamageText(string path, SqliteException fault) =>
        $"{path}: expected captures of format {CaptureSchema.Format}, found a damaged file or no database ({fault.Message}); move the file away, keep it, and start the process again";

    /// <summary>Refuses a file that holds no captures, or those of another format.</summary>
    /// <exception cref="InvoicingException">It is one of these.</exception>
    public static void RequireFormat(SqliteFile file)
    {
        long application = file.Scalar("PRAGMA application_id");
        long format = file.Scalar("PRAGMA user_version");
        if (application != CaptureSchema.ApplicationId || format != CaptureSchema.Format)
        {
            throw new InvoicingException(
                $"{file.Path}: expected captures of format {CaptureSchema.Format}, found application id {application:x8}, format {format}; move the file away");
        }
    }

    /// <summary>Reads what is committed; one caller after the other.</summary>
    /// <exception cref="InvoicingException">The file is damaged.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteFile, T> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(CaptureStore));
            return read(_reader);
        }
        catch (SqliteException fault) when (fault.IsDamage)
        {
            throw new InvoicingException(DamageText(_reader.Path, fault), innerException: fault);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Finishes what is waiting and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reading.WaitAsync().ConfigureAwait(false);
        _isClosed = true;
        _reader.Dispose();
        _reading.Release();
        await Writer.DisposeAsync().ConfigureAwait(false);
    }
}
