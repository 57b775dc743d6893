using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>One client as the registry keeps it: one file, named by the hash of the certificate.</summary>
internal sealed class ClientRecord
{
    /// <summary>Name of the device or follower.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required ClientRole Role { get; init; }

    /// <summary>Transport certificate (PEM).</summary>
    public required string Certificate { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>EnrolmentRecord of a device, exactly as granted; empty for a follower.</summary>
    public required byte[] Enrolment { get; init; }

    /// <summary>What was granted to a device.</summary>
    [JsonIgnore]
    public EnrolmentGrant? Grant => field ??= Enrolment.Length > 0 ? EnrolmentGrant.Read(Enrolment) : null;

    /// <summary>SHA-256 of the certificate (DER): the file's name.</summary>
    public static Sha256Hash HashOf(X509Certificate2 certificate) => Sha256Hash.Of(certificate.RawDataMemory.Span);

    public string ToJson() => JsonSerializer.Serialize(this, ClientRecordJson.Default.ClientRecord) + "\n";

    /// <summary>Reads a file of the registry.</summary>
    /// <exception cref="InvoicingException">Not such a file.</exception>
    public static ClientRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ClientRecordJson.Default.ClientRecord)
                ?? throw new InvoicingException($"{path}: expected a client's record, found null");
        }
        catch (JsonException fault)
        {
            throw new InvoicingException($"{path}: expected a client's record, found other text: {fault.Message}", innerException: fault);
        }
    }
}
