using System.Collections.Concurrent;
using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>The clients that were let in, found by the hash of their certificate. Safe for any number of threads and processes.</summary>
/// <remarks>
/// The folder is the truth: a file that another process adds is found by the next call of its device. Records are remembered once read,
/// because nothing changes them; a hash that is not found is looked for again each time.
/// </remarks>
internal sealed class ClientRegistry(AuthorityFolder folder)
{
    /// <summary>Clients remembered; when full all are forgotten and read again as needed. 100,000 are about 300 MB at worst, 100 usually.</summary>
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<Sha256Hash, ClientRecord> _known = new();

    /// <summary>The client of a certificate; <see langword="null"/> if it was never let in.</summary>
    public ClientRecord? Find(Sha256Hash certificate)
    {
        if (_known.TryGetValue(certificate, out ClientRecord? known))
        {
            return known;
        }

        foreach (string place in (string[])[folder.Devices, folder.Followers])
        {
            string path = Path.Combine(place, $"{certificate}.json");
            if (File.Exists(path))
            {
                return Remember(certificate, ClientRecord.Read(path));
            }
        }

        return null;
    }

    /// <summary>All clients of a role, by name.</summary>
    public IReadOnlyList<ClientRecord> List(ClientRole role)
    {
        string place = role == ClientRole.Device ? folder.Devices : folder.Followers;
        return !Directory.Exists(place)
            ? []
            : [.. Directory.EnumerateFiles(place, "*.json").Select(Load).OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.AddedAt)];
    }

    /// <summary>Grants to all devices of a seller: whose codes a successor may enter again.</summary>
    public IReadOnlyList<EnrolmentGrant> GrantsOf(string seller) =>
        [.. List(ClientRole.Device).Select(r => r.Grant!).Where(g => g.Seller.TaxCode.ToString() == seller)];

    /// <summary>Lets a client in. Durable when it returns.</summary>
    public void Add(Sha256Hash certificate, ClientRecord record)
    {
        string place = record.Role == ClientRole.Device ? folder.Devices : folder.Followers;
        DurableFile.Write(Path.Combine(place, $"{certificate}.json"), record.ToJson());
    }

    private ClientRecord Load(string path)
    {
        var certificate = Sha256Hash.Parse(Path.GetFileNameWithoutExtension(path));
        return _known.TryGetValue(certificate, out ClientRecord? known) ? known : Remember(certificate, ClientRecord.Read(path));
    }

    private ClientRecord Remember(Sha256Hash certificate, ClientRecord record)
    {
        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(certificate, record);
    }
}
