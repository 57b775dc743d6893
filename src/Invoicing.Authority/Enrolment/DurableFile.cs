using Invoicing.Sqlite;

namespace Invoicing.Authority.Enrolment;

/// <summary>Files that survive a power cut once they are written.</summary>
internal static class DurableFile
{
    /// <summary>Mode of a private key: its owner's alone.</summary>
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a whole file: under another name first, flushed, then renamed, then the folder is flushed. Never half a file.</summary>
    /// <exception cref="IOException">The file is there already and <paramref name="replace"/> is false, or the disk refuses.</exception>
    public static void Write(string path, string text, bool replace = false)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeFolder(folder);
        string temporary = $"{path}.{Environment.ProcessId}.new";
        using (FileStream file = Open(temporary, FileMode.Create))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            DiskFlush.Flush(file);
        }

        try
        {
            File.Move(temporary, path, replace);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DurableFolder.Flush(folder);
    }

    /// <summary>Makes a folder that only its owner may enter.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
            string? parent = Path.GetDirectoryName(Path.GetFullPath(folder));
            if (parent is not null)
            {
                DurableFolder.Flush(parent);
            }
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        return new(path, options);
    }
}
