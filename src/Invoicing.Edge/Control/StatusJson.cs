using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Deadlines;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Gateway.Captures;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Registers.Drivers;

namespace Invoicing.Edge.Control;

/// <summary>The service's status as JSON, for <c>status --json</c> and the status page to come.</summary>
internal static class StatusJson
{
    public static JsonObject From(EdgeHost host)
    {
        GatewayStatus s = host.Gateway.Status;
        DeadlineReport? deadline = host.Deadlines.Report(s.EarliestUnacknowledged, s.LagAge);
        CaptureStatus captures = host.Gateway.Captures.Status;
        return new()
        {
            ["green"] = s.Recording.State == RecordingState.On && s.Sending.State is SendingState.Streaming or SendingState.Off && s.Held == 0
                && s.Alarm is null && deadline is null or { State: DeadlineState.Ok } && s.StoppedRegisters.IsEmpty && s.Identity is null or { State: CertificateState.Good }
                && !s.Clock.IsAuthority && captures.Trouble is null && host.RegisterLines.All(line => line.IsFine),
            ["device"] = s.Device,
            ["chain"] = s.Chain.ToString(),
            ["head"] = s.HeadPosition,
            ["head_hash"] = s.HeadHash.ToString(),
            ["checkpoint"] = s.Checkpoint,
            ["safe"] = s.SafePosition,
            ["lag"] = s.Lag,
            ["lag_age_s"] = Math.Round(s.LagAge.TotalSeconds, 3),
            ["deadline"] = DeadlineText.From(deadline),
            ["rate_doubts"] = DeadlineText.Doubts(host.Deadlines.Today),
            ["watermark_time"] = s.WatermarkTime?.ToString("O", CultureInfo.InvariantCulture),
            ["recording"] = s.Recording.State.ToString(),
            ["recording_reason"] = s.Recording.Reason,
            ["recording_way_out"] = s.Recording.WayOut,
            ["sending"] = s.Sending.State.ToString(),
            ["sending_reason"] = s.Sending.Reason,
            ["sending_way_out"] = s.Sending.WayOut,
            ["alarm"] = s.Alarm,
            ["identity"] = IdentityText.From(s.Identity),
            ["clock"] = IdentityText.From(s.Clock),
            ["held"] = s.Held,
            ["conflicts"] = s.Conflicts,
            ["parked"] = s.Parked,
            ["stopped_registers"] = new JsonArray([.. s.StoppedRegisters.Select(r => (JsonNode)r)]),
            ["key"] = KeysEndpoint.From(s.Key),
            ["catalogue"] = s.Catalogue?.ToString(),
            ["codes_left"] = s.CodesLeft,
            ["numbers_left"] = new JsonObject(s.NumbersLeft.Select(n => KeyValuePair.Create(n.Key, (JsonNode?)n.Value))),
            ["ranges_run_low"] = s.RangesRunLow,
            ["captures"] = new JsonObject
            {
                ["state"] = captures.State.ToString(),
                ["bytes"] = captures.Bytes,
                ["max_bytes"] = captures.MaxBytes,
                ["trouble"] = captures.State == CaptureState.Full ? $"{captures.Trouble}: lower 'captures_kept' and start the service again" : captures.Trouble,
                ["kept_days"] = (int)host.Retention.Kept.TotalDays,
                ["deleted"] = host.Retention.Deleted,
            },
            ["registers"] = new JsonArray([.. host.RegisterLines.Select(line => (JsonNode)From(line.Settings.Protocol, line.Status))]),
        };
    }

    private static JsonObject From(ProtocolSettings protocol, DriverStatus line) => new()
    {
        ["line"] = line.Line,
        ["protocol"] = line.Protocol,
        ["mode"] = protocol is ProtocolSettings.EscPos tap ? tap.Options.Mode.ToString().ToLowerInvariant() : null,
        ["phase"] = line.Phase.ToString(),
        ["register"] = line.Register?.Value,
        ["durable"] = line.Durable,
        ["waiting"] = line.Waiting,
        ["journal_used"] = line.JournalUsed,
        ["can"] = new JsonArray([.. Names(line.Capabilities).Select(name => (JsonNode)name)]),
        ["trouble"] = line.Trouble,
        ["notes"] = new JsonArray([.. line.Notes.Select(note => (JsonNode)note)]),
        ["counters"] = new JsonObject(line.Counters.OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
    };

    private static IEnumerable<string> Names(DriverCapabilities can) =>
        Enum.GetValues<DriverCapabilities>().Where(one => one != DriverCapabilities.None && can.HasFlag(one)).Select(one => one.ToString());
}
