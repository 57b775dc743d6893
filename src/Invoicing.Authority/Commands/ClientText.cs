using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Authority.Commands;

/// <summary>Clients as text for people and as JSON for scripts.</summary>
internal static class ClientText
{
    /// <summary>Writes a list.</summary>
    public static void Write(IReadOnlyList<ClientRecord> clients, bool json)
    {
        if (json)
        {
            Console.WriteLine(ToJson([.. clients.Select(c => (c.Name, c.Role, HashOf(c), c.AddedAt, c.Grant))]));
            return;
        }

        foreach (ClientRecord client in clients)
        {
            string grant = client.Grant is { } g
                ? $"  {g.Seller.TaxCode}  {string.Join(", ", g.Codes)}  {string.Join(", ", g.Numbers)}"
                : string.Empty;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{client.Name}  {client.AddedAt:u}  {HashOf(client)[..16]}{grant}"));
        }
    }

    /// <summary>One array, one object per client.</summary>
    public static string ToJson(IReadOnlyList<(string Name, ClientRole Role, string Certificate, DateTimeOffset AddedAt, EnrolmentGrant? Grant)> clients)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach ((string name, ClientRole role, string certificate, DateTimeOffset addedAt, EnrolmentGrant? grant) in clients)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteString("role", role == ClientRole.Device ? "device" : "follower");
                writer.WriteString("certificate", certificate);
                writer.WriteString("added_at", addedAt);
                if (grant is not null)
                {
                    WriteGrant(writer, grant);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteGrant(Utf8JsonWriter writer, EnrolmentGrant grant)
    {
        writer.WriteString("tax_code", grant.Seller.TaxCode.ToString());
        writer.WriteString("seller", grant.Seller.Name);
        writer.WriteString("enrolment", grant.Hash.ToString());
        writer.WriteStartArray("codes");
        foreach (CodeRange range in grant.Codes)
        {
            writer.WriteStartObject();
            writer.WriteString("block", range.Block);
            writer.WriteNumber("first", range.First);
            writer.WriteNumber("last", range.Last);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("numbers");
        foreach (NumberRange range in grant.Numbers)
        {
            writer.WriteStartObject();
            writer.WriteString("series", range.Series.ToString());
            writer.WriteNumber("first", range.First);
            writer.WriteNumber("last", range.Last);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string HashOf(ClientRecord client)
    {
        using var certificate = X509Certificate2.CreateFromPem(client.Certificate);
        return ClientRecord.HashOf(certificate).ToString();
    }
}
