using System.Text;
using System.Text.Json;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment.Acts;

/// <summary>An act as a line of JSON: what it says for people, and the signed bytes for whoever checks it.</summary>
internal static class ActJson
{
    /// <summary>Writes one act.</summary>
    /// <param name="act">The act.</param>
    /// <param name="withBytes">Whether the signed bytes go along.</param>
    public static string Write(SignedAct act, bool withBytes)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", act.Number);
            writer.WriteString("hash", ActChain.HashOf(act.Body.Span).ToString());
            if (ActChain.Read(act.Body.Span) is { } body)
            {
                WriteBody(writer, body);
            }

            if (withBytes)
            {
                writer.WriteString("body", Convert.ToHexStringLower(act.Body.Span));
                writer.WriteString("signature", act.Signature.ToString());
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes one act as a line for people.</summary>
    public static string ToText(SignedAct act)
    {
        if (ActChain.Read(act.Body.Span) is not { } body)
        {
            return $"{act.Number}  not an act: run 'authority acts verify'";
        }

        string details = string.Join(' ', body.Details.Select(d => $"{d.Name}={d.Value}"));
        return $"{act.Number}  {DateTimeOffset.FromUnixTimeMilliseconds(body.At):u}  {body.Actor}  {Word(body.Act)}  {body.Subject}  {details}".TrimEnd();
    }

    private static void WriteBody(Utf8JsonWriter writer, ActBody body)
    {
        writer.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(body.At));
        writer.WriteString("actor", body.Actor);
        writer.WriteString("act", Word(body.Act));
        writer.WriteString("subject", body.Subject);
        writer.WriteStartObject("details");
        foreach (ActDetail detail in body.Details)
        {
            writer.WriteString(detail.Name, detail.Value);
        }

        writer.WriteEndObject();
    }

    private static string Word(ActKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
