using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Reads the registry over one connection; for one thread at a time.</summary>
internal sealed class RegistryQueries(SqliteFile file)
{
    private const string ClientColumns = """
        SELECT c.id, c.role, c.name, c.standing, c.reason, c.since, c.scope, c.certificate_days, c.added_at, d.record, d.codes, d.numbers, d.seller,
          (SELECT hash FROM certificate WHERE client = c.id ORDER BY id DESC LIMIT 1),
          (SELECT not_after FROM certificate WHERE client = c.id ORDER BY id DESC LIMIT 1)
        FROM client c LEFT JOIN device d ON d.client = c.id
        """;

    private const string CertificateColumns = "SELECT hash, client, certificate, not_before, not_after, is_current FROM certificate";

    private const string InvitationColumns =
        "SELECT id, name, terms, succeeds, made_at, expires_at, withdrawn_at, used_at, request, client, secret FROM invitation";

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>A client by its row.</summary>
    public RegisteredClient Client(long id) => One(Prepared(ClientColumns + " WHERE c.id = ?").Bind(0, id), ReadClient)
        ?? throw new InvoicingException($"{file.Path}: expected client {id}, found none: the registry is damaged");

    /// <summary>Clients of a role by name, then by the time when they were added.</summary>
    public IReadOnlyList<RegisteredClient> List(ClientRole role) =>
        All(Prepared(ClientColumns + " WHERE c.role = ? ORDER BY c.name, c.id").Bind(0, (long)role), ReadClient);

    /// <summary>Clients of a role and name: at most one that is active or suspended comes first, then those that were put out, the newest first.</summary>
    public IReadOnlyList<RegisteredClient> Named(ClientRole role, string name) => All(
        Prepared(ClientColumns + " WHERE c.role = ? AND c.name = ? ORDER BY c.standing > 2, c.id DESC").Bind(0, (long)role).Bind(1, name), ReadClient);

    /// <summary>Devices of a seller, whatever their standing.</summary>
    public IReadOnlyList<RegisteredClient> Devices(string seller) =>
        All(Prepared(ClientColumns + " WHERE d.seller = ? ORDER BY c.id").Bind(0, seller), ReadClient);

    /// <summary>The device of an enrolment.</summary>
    public RegisteredClient? Device(ChainId enrolment) =>
        One(Prepared(ClientColumns + " WHERE d.enrolment = ?").Bind(0, enrolment.ToArray()), ReadClient);

    /// <summary>A certificate by its hash.</summary>
    public RegisteredCertificate? Certificate(in Sha256Hash hash) =>
        One(Prepared(CertificateColumns + " WHERE hash = ?").Bind(0, hash.ToArray()), ReadCertificate);

    /// <summary>The certificate that was issued to a request.</summary>
    public RegisteredCertificate? CertificateFor(in Sha256Hash request) =>
        One(Prepared(CertificateColumns + " WHERE request = ?").Bind(0, request.ToArray()), ReadCertificate);

    /// <summary>All invitations, the newest first.</summary>
    public IReadOnlyList<Invitation> Invitations() => All(Prepared(InvitationColumns + " ORDER BY id DESC"), ReadInvitation);

    /// <summary>An invitation by the hash of its secret.</summary>
    public Invitation? InvitationOf(in Sha256Hash secret) =>
        One(Prepared(InvitationColumns + " WHERE secret = ?").Bind(0, secret.ToArray()), ReadInvitation);

    /// <summary>Acts in the order of their numbers.</summary>
    /// <param name="after">Last number already known.</param>
    /// <param name="limit">Most acts.</param>
    public IReadOnlyList<SignedAct> Acts(long after, int limit) => All(
        Prepared("SELECT number, body, signature FROM act WHERE number > ? ORDER BY number LIMIT ?").Bind(0, after).Bind(1, limit),
        row => new SignedAct(row.Number(0), row.Blob(1).ToArray(), new EcdsaSignature(row.Blob(2))));

    /// <summary>All acts, a page at a time.</summary>
    public IEnumerable<SignedAct> AllActs()
    {
        long after = 0;
        while (true)
        {
            IReadOnlyList<SignedAct> page = Acts(after, 256);
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (SignedAct act in page)
            {
                yield return act;
            }

            after = page[^1].Number;
        }
    }

    /// <summary>The last act; <see langword="null"/> before the first.</summary>
    public SignedAct? LastAct() => One(
        Prepared("SELECT number, body, signature FROM act ORDER BY number DESC LIMIT 1"),
        row => new SignedAct(row.Number(0), row.Blob(1).ToArray(), new EcdsaSignature(row.Blob(2))));

    /// <summary>Where the next range of a line begins; <see langword="null"/> if the line is new.</summary>
    public long? NextOf(int kind, string name, string seller) => One<long?>(
        Prepared("SELECT next FROM range_line WHERE kind = ? AND name = ? AND seller = ?").Bind(0, kind).Bind(1, name).Bind(2, seller),
        row => row.Number(0));

    /// <summary>A further grant of a device.</summary>
    public SignedRangeGrant? Grant(long client, int number) => One(
        Prepared("SELECT body, signature FROM range_grant WHERE client = ? AND number = ?").Bind(0, client).Bind(1, number),
        row => new SignedRangeGrant(row.Blob(0).ToArray(), new EcdsaSignature(row.Blob(1))));

    /// <summary>How many further grants a device has, and how many of them since a time.</summary>
    public (int Count, int Recent) GrantCount(long client, DateTimeOffset since)
    {
        SqliteStatement row = Prepared("SELECT count(*), coalesce(sum(granted_at > ?), 0) FROM range_grant WHERE client = ?")
            .Bind(0, since.ToUnixTimeMilliseconds()).Bind(1, client);
        row.Step();
        var counts = ((int)row.Number(0), (int)row.Number(1));
        row.Reset();
        return counts;
    }

    /// <summary>A statement that is prepared once.</summary>
    public SqliteStatement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = file.Statement(sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    private static RegisteredClient ReadClient(SqliteStatement row)
    {
        bool isDevice = !row.IsNull(9);
        return new()
        {
            Id = row.Number(0),
            Role = (ClientRole)row.Number(1),
            Name = row.Text(2),
            Standing = (ClientStanding)row.Number(3),
            Reason = row.Text(4),
            Since = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(5)),
            Scope = RegisteredClient.ReadScope(row.Text(6)),
            CertificateDays = (int)row.Number(7),
            AddedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(8)),
            Grant = isDevice ? EnrolmentGrant.Read(row.Blob(9).ToArray()) : null,
            CodesAtATime = isDevice ? (int)row.Number(10) : 0,
            NumbersAtATime = isDevice ? (int)row.Number(11) : 0,
            Certificate = row.IsNull(13) ? default : new(row.Blob(13)),
            CertificateEnd = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(14)),
        };
    }

    private static RegisteredCertificate ReadCertificate(SqliteStatement row) => new(
        new(row.Blob(0)), row.Number(1), row.Blob(2).ToArray(), DateTimeOffset.FromUnixTimeMilliseconds(row.Number(3)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Number(4)), row.Number(5) == 1);

    private static Invitation ReadInvitation(SqliteStatement row) => new()
    {
        Id = row.Number(0),
        Name = row.Text(1),
        Terms = DeviceTerms.Parse(row.Text(2)),
        Succeeds = row.IsNull(3) ? null : row.Number(3),
        MadeAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(4)),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(5)),
        WithdrawnAt = row.IsNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Number(6)),
        UsedAt = row.IsNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Number(7)),
        Request = row.IsNull(8) ? null : new Sha256Hash(row.Blob(8)),
        Client = row.IsNull(9) ? null : row.Number(9),
    };

    private static T? One<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            return statement.Step() ? read(statement) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static List<T> All<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var rows = new List<T>();
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement));
            }
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }
}
