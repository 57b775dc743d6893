namespace FirmwareSim.Scenarios;

/// <summary>A folder of scenarios, or a file in it, that cannot be used; the message names it, what was expected and what was found.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
