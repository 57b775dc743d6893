using System.Globalization;
using System.Text;
using System.Text.Json;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Authority.Commands;

/// <summary>Clients as text for people and as JSON for scripts.</summary>
internal static class ClientText
{
    /// <summary>Writes a list.</summary>
    public static void Write(IReadOnlyList<RegisteredClient> clients, bool json)
    {
        if (json)
        {
            Console.WriteLine(ToJson(clients));
            return;
        }

        foreach (RegisteredClient client in clients)
        {
            string grant = client.Grant is { } g
                ? $"{g.Seller.TaxCode}  {string.Join(", ", g.Codes)}  {string.Join(", ", g.Numbers)}"
                : client.ScopeText;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{client.Name}  {AuthorityRegistry.Word(client.Standing)}  added {client.AddedAt:u}  certificate until {client.CertificateEnd:u}  {grant}"));
        }
    }

    /// <summary>Writes one client with all that is known, those of the same name that were put out behind it.</summary>
    public static void Show(IReadOnlyList<RegisteredClient> clients, bool json)
    {
        if (json)
        {
            Console.WriteLine(ToJson(clients));
            return;
        }

        foreach (RegisteredClient client in clients)
        {
            string reason = client.Reason.Length > 0 ? $": {client.Reason}" : string.Empty;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {client.Name}
                  {AuthorityRegistry.Word(client.Standing)} since {client.Since:u}{reason}
                  added        {client.AddedAt:u}
                  certificate  {client.Certificate} until {client.CertificateEnd:u}, {client.CertificateDays} days at a time
                """));
            if (client.Grant is { } grant)
            {
                Console.WriteLine($"""
                      enrolment    {grant.Id}
                      seller       {grant.Seller.TaxCode} {grant.Seller.Name}, {grant.Seller.Address}
                      codes        {string.Join(", ", grant.Codes)}
                      numbers      {string.Join(", ", grant.Numbers)}
                      predecessor  {(grant.Predecessor is { } before ? $"{before.Chain} at {before.Position}" : "none")}
                    """);
            }
        }
    }

    /// <summary>One array, one object per client.</summary>
    public static string ToJson(IReadOnlyList<RegisteredClient> clients)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (RegisteredClient client in clients)
            {
                writer.WriteStartObject();
                writer.WriteString("name", client.Name);
                writer.WriteString("role", AuthorityRegistry.WordOf(client.Role));
                writer.WriteString("standing", AuthorityRegistry.Word(client.Standing));
                writer.WriteString("reason", client.Reason);
                writer.WriteString("since", client.Since);
                writer.WriteString("certificate", client.Certificate.ToString());
                writer.WriteString("certificate_end", client.CertificateEnd);
                writer.WriteString("added_at", client.AddedAt);
                if (client.Grant is { } grant)
                {
                    WriteGrant(writer, grant);
                }
                else
                {
                    writer.WriteString("scope", client.ScopeText);
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
        writer.WriteString("enrolment_id", grant.Id.ToString());
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
}
