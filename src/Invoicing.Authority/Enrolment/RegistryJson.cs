using System.Text.Json.Serialization;
using Invoicing.Authority.Enrolment.Registry;

namespace Invoicing.Authority.Enrolment;

/// <summary>Generated at build time, so that publishing may trim.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DeviceTerms))]
[JsonSerializable(typeof(RegistryCall))]
internal sealed partial class RegistryJson : JsonSerializerContext;
