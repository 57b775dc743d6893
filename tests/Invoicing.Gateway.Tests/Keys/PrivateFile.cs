namespace Invoicing.Gateway.Tests.Keys;

/// <summary>Files as a person keeps secrets: for the owner alone.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file at one stroke: a reader sees the old or the new text.</summary>
    public static void Write(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(path + ".part", text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path + ".part", mode);
        }

        File.Move(path + ".part", path, overwrite: true);
    }
}
