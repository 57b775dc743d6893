using System.Text.Json.Serialization;

namespace Invoicing.Authority.Enrolment;

/// <summary>Generated at build time, so that publishing may trim.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClientRecord))]
internal sealed partial class ClientRecordJson : JsonSerializerContext;
