using System.Collections.Concurrent;
using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Who is let in, with which certificate, and what was granted: one file, written by one process. Safe for any number of threads.</summary>
/// <remarks>
/// Every change is one transaction together with the administrative act that says who made it: neither is there without the other. When a
/// method returns, its change survives a power cut. When the disk fails at a commit, nothing is known and the process must end.
/// What callers are asked for at each call is remembered, and forgotten at each change.
/// </remarks>
internal sealed partial class AuthorityRegistry : IDisposable
{
    /// <summary>Certificates remembered; when full all are forgotten and read again as needed. 100,000 are about 300 MB at worst, 100 usually.</summary>
    private const int MaxRemembered = 100_000;

    /// <summary>Pages in the log after which a change also copies them into the file: 4 MB.</summary>
    private const int LogPages = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly SqliteFile _file;
    private readonly RegistryQueries _queries;
    private readonly AuthorityFolder _folder;
    private readonly IssuerCertificates _issuers;
    private readonly SoftwareSigner _signer;
    private readonly Sha256Hash _start;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _endProcess;
    private readonly ConcurrentDictionary<Sha256Hash, KnownCaller> _known = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<EnrolmentGrant>> _grants = new(StringComparer.Ordinal);

    private CertificateAuthority? _authority;

    private AuthorityRegistry(SqliteFile file, AuthorityFolder folder, TimeProvider time, Action<Exception> endProcess)
    {
        _file = file;
        _queries = new(file);
        _time = time;
        _endProcess = endProcess;
        _signer = CertificateAuthority.LoadWatermarkKey(folder);
        _start = StartOf(folder);
        _folder = folder;
        _issuers = new(folder);
    }

    /// <summary>Told, behind the commit, of clients whose open streams must end. Never waits.</summary>
    public Action<StandingChange>? Changed { get; set; }

    /// <summary>Opens the registry of a folder.</summary>
    /// <param name="folder">The authority's folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="endProcess">Ends the process when the disk fails at a commit.</param>
    /// <exception cref="FileInUseException">Another process, or another part of this one, writes it.</exception>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static AuthorityRegistry Open(AuthorityFolder folder, TimeProvider time, Action<Exception> endProcess)
    {
        RequireThere(folder);
        var file = SqliteFile.OpenWriter(folder.Registry);
        try
        {
            long version = file.Scalar("PRAGMA user_version");
            return version == RegistrySchema.Version ? new(file, folder, time, endProcess) : throw new InvoicingException(version == 0
                ? $"{folder.Registry}: expected a registry, found one whose making was broken off before it was of use to anybody: remove the folder and begin again"
                : $"{folder.Registry}: expected a registry of version {RegistrySchema.Version}, found {version}: use the program that made it");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens the registry, and waits for a command that is just writing it.</summary>
    /// <exception cref="FileInUseException">Another process keeps it.</exception>
    public static async Task<AuthorityRegistry> OpenAsync(
        AuthorityFolder folder, TimeProvider time, Action<Exception> endProcess, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(folder, time, endProcess);
            }
            catch (FileInUseException) when (time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Makes the registry of a new authority, with its first act.</summary>
    public static void Make(AuthorityFolder folder, TimeProvider time, string actor, ActDraft first)
    {
        using var registry = new AuthorityRegistry(SqliteFile.OpenWriter(folder.Registry), folder, time, AuthorityExit.OnStorageFault);
        registry.Write(actor, change =>
        {
            registry._file.Execute(RegistrySchema.Base);
            registry._file.Execute($"PRAGMA user_version={RegistrySchema.Version}");
            change.Add(first);
            return true;
        });
    }

    /// <summary>Opens the registry to read it, beside whoever writes it.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static T Read<T>(AuthorityFolder folder, Func<RegistryQueries, T> read)
    {
        RequireThere(folder);
        using var file = SqliteFile.OpenReader(folder.Registry);
        return read(new(file));
    }

    /// <summary>What the first act links to.</summary>
    public static Sha256Hash StartOf(AuthorityFolder folder)
    {
        using System.Security.Cryptography.X509Certificates.X509Certificate2 root = CertificateAuthority.LoadRoot(folder);
        return ActChain.Start(root.RawDataMemory.Span);
    }

    /// <summary>Whom a certificate was issued to; <see langword="null"/> if it was never issued here.</summary>
    public KnownCaller? Find(in Sha256Hash certificate)
    {
        if (_known.TryGetValue(certificate, out KnownCaller? known))
        {
            return known;
        }

        lock (_gate)
        {
            if (_queries.Certificate(certificate) is not { } found)
            {
                return null;
            }

            if (_known.Count >= MaxRemembered)
            {
                _known.Clear();
            }

            // Inside the gate: a change that comes next forgets it again.
            return _known[certificate] = new(_queries.Client(found.Client), found);
        }
    }

    /// <summary>Grants to all devices of a seller: whose codes a successor may enter again.</summary>
    public IReadOnlyList<EnrolmentGrant> GrantsOf(string seller)
    {
        if (_grants.TryGetValue(seller, out IReadOnlyList<EnrolmentGrant>? known))
        {
            return known;
        }

        lock (_gate)
        {
            if (_grants.Count >= MaxRemembered)
            {
                _grants.Clear();
            }

            return _grants[seller] = [.. _queries.Devices(seller).Select(d => d.Grant!)];
        }
    }

    /// <summary>Reads over the writer's own connection.</summary>
    public T Query<T>(Func<RegistryQueries, T> read)
    {
        lock (_gate)
        {
            return read(_queries);
        }
    }

    /// <summary>Notes an act that changes nothing in the registry itself.</summary>
    public void Note(string actor, ActDraft act) => Write(actor, change =>
    {
        change.Add(act);
        return true;
    });

    /// <summary>Closes the file and forgets the keys.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }

        _signer.Dispose();
        _authority?.Dispose();
    }

    private static void RequireThere(AuthorityFolder folder)
    {
        if (!File.Exists(folder.Registry))
        {
            throw new InvoicingException($"{folder.Registry}: expected the authority's registry, found no file: run 'authority ca --data {folder.Path}'");
        }
    }

    /// <summary>Runs a change with its acts in one transaction, then tells whose streams must end.</summary>
    private T Write<T>(string actor, Func<RegistryChange, T> make)
    {
        T result;
        RegistryChange change;
        lock (_gate)
        {
            result = Commit(actor, make, out change);
        }

        Tell(change);
        return result;
    }

    /// <summary>Tells whose streams must end. Never inside the gate: a stream that is being ended may be waiting for it.</summary>
    private void Tell(RegistryChange change)
    {
        foreach (StandingChange ended in change.Ended)
        {
            Changed?.Invoke(ended);
        }
    }

    /// <summary>Runs a change with its acts in one transaction. Inside the gate.</summary>
    private T Commit<T>(string actor, Func<RegistryChange, T> make, out RegistryChange change)
    {
        change = new(_time.GetUtcNow());
        T result;
        _file.Begin();
        try
        {
            result = make(change);
            Append(actor, change);
        }
        catch
        {
            _file.Rollback();
            throw;
        }

        try
        {
            _file.Commit();
        }
        catch (SqliteException fault)
        {
            _endProcess(fault);
            throw;
        }

        _known.Clear();
        _grants.Clear();
        if (_file.LogPages > LogPages)
        {
            _file.Checkpoint();
        }

        return result;
    }

    private void Append(string actor, RegistryChange change)
    {
        SignedAct? last = _queries.LastAct();
        long number = last?.Number ?? 0;
        Sha256Hash previous = last is null ? _start : ActChain.HashOf(last.Body.Span);
        foreach (ActDraft draft in change.Acts)
        {
            SignedAct act = ActChain.Sign(++number, previous, change.At.ToUnixTimeMilliseconds(), actor, draft, _signer);
            _queries.Prepared("INSERT INTO act(number, body, signature) VALUES(?, ?, ?)")
                .Bind(0, act.Number).Bind(1, act.Body.Span).Bind(2, act.Signature.ToArray()).Run();
            previous = ActChain.HashOf(act.Body.Span);
        }
    }
}
