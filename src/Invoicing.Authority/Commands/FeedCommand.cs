using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Invoicing.Authority.Feed;
using Invoicing.Chain;

namespace Invoicing.Authority.Commands;

/// <summary><c>feed</c>: follows an authority's ledger.</summary>
internal static class FeedCommand
{
    public static Command Create()
    {
        var address = new Option<string>("--address") { Description = "the authority, such as https://127.0.0.1:5443", Required = true };
        var bundle = new Option<string>("--bundle") { Description = "bundle of a follower, from 'followers add'", Required = true };
        var from = new Option<long>("--from") { Description = "first index, from 1", DefaultValueFactory = _ => 1 };
        var until = new Option<long>("--until") { Description = "end behind this index; never if not given" };
        var verify = new Option<bool>("--verify") { Description = "check hashes, links and signatures of each chain; end with code 1 at the first fault" };
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("feed", "follow the ledger: from an index, then live") { address, bundle, from, until, verify, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(from) < 1 || parsed.GetValue(until) < 0)
            {
                throw new InvoicingException($"--from and --until: expected 1 or more, found {parsed.GetValue(from)} and {parsed.GetValue(until)}");
            }

            if (!Uri.TryCreate(parsed.GetValue(address), UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps)
            {
                throw new InvoicingException($"--address: expected https://HOST:PORT, found '{parsed.GetValue(address)}'");
            }

            using Grpc.Net.Client.GrpcChannel channel = BundleChannel.Open(uri, BundleChannel.Read(parsed.GetValue(bundle)!));
            FeedChecker? checker = parsed.GetValue(verify) ? new(parsed.GetValue(from)) : null;
            try
            {
                await foreach (FollowedEntry entry in FeedFollower.FollowAsync(
                    channel, parsed.GetValue(from), parsed.GetValue(until), checker, cancellationToken))
                {
                    Console.WriteLine(parsed.GetValue(json) ? ToJson(entry) : ToText(entry));
                }
            }
            catch (FeedFaultException fault)
            {
                await Console.Error.WriteLineAsync($"authority: {fault.Message}");
                return AuthorityExit.Found;
            }

            return AuthorityExit.Ok;
        });
        return command;
    }

    private static string ToText(FollowedEntry entry)
    {
        ReadOnlySpan<byte> body = entry.Body.Span;
        string what = EntryFields.Read(body, out EntryFields fields) is { } fault ? fault
            : ContentFields.Read(fields.Kind, fields.Content(body), out ContentFields content) is null && content.Code is { } code
                ? string.Create(CultureInfo.InvariantCulture, $"{fields.Kind} {code} {content.Series} {content.Number} {content.Total} VND")
            : fields.Kind.ToString();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Index}  {DateTimeOffset.FromUnixTimeMilliseconds(entry.LedgerTime):u}  {entry.Seller}  {entry.Device}  {fields.Position}  {what}");
    }

    private static string ToJson(FollowedEntry entry)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, EntryJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", entry.Index);
            writer.WriteNumber("ledger_time", entry.LedgerTime);
            writer.WriteString("seller", entry.Seller);
            writer.WriteString("device", entry.Device);
            EntryJson.WriteFields(writer, entry.Body.Span, entry.Hash, entry.Signature);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
