namespace FirmwareSim.Commands;

/// <summary>A setting that cannot be used; the message names it, what was expected and what was found.</summary>
internal sealed class SettingException(string message) : Exception(message);
