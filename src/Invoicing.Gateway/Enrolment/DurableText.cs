using System.Text;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Writes small files that a crash must leave whole: the old one or the new one.</summary>
/// <remarks>
/// In this order: to a file of another name, flushed, renamed, the folder flushed. Dying between any two of these leaves the file as it was or
/// as it shall be, and at worst a file <c>.new</c> that nothing reads and the next write removes. Readable by its owner alone.
/// </remarks>
/// <param name="step">Told before each step, by its name; for tests that die there.</param>
internal sealed class DurableText(Action<string>? step = null)
{
    /// <summary>Writes a file.</summary>
    /// <exception cref="InvoicingException">The disk refuses; what is there now is the old file or the new one.</exception>
    public void Write(string path, string text)
    {
        string temporary = path + ".new";
        try
        {
            Step($"make {temporary}");
            File.Delete(temporary);
            using (var file = new FileStream(temporary, Options()))
            {
                Step($"write {temporary}");
                file.Write(Encoding.UTF8.GetBytes(text));
                Step($"flush {temporary}");
                DiskFlush.Flush(file);
            }

            Step($"rename {temporary}");
            File.Move(temporary, path, overwrite: true);
            Step($"flush folder of {path}");
            DurableFolder.Flush(FolderOf(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: cannot be written: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Removes a file.</summary>
    /// <exception cref="InvoicingException">The disk refuses.</exception>
    public void Remove(string path)
    {
        try
        {
            Step($"remove {path}");
            File.Delete(path);
            Step($"flush folder of {path}");
            DurableFolder.Flush(FolderOf(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: cannot be removed: {fault.Message}", innerException: fault);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private void Step(string name) => step?.Invoke(name);
}
