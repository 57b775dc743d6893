namespace Invoicing.Registers.Lines;

/// <summary>The device behind a name: <c>/dev/serial/by-id/…</c> is a link.</summary>
internal static class DevicePath
{
    /// <summary>Follows links to the end; a name with nothing behind it stays as it is.</summary>
    internal static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            // Unplugged, or just being so: opening will say it.
            return Path.GetFullPath(path);
        }
    }
}
