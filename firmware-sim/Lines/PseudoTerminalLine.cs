using System.Runtime.InteropServices;
using System.Text;

namespace FirmwareSim.Lines;

/// <summary>A serial line made of a pseudo-terminal: the register holds the master, the gateway opens the slave by a symbolic link.</summary>
/// <remarks>
/// The terminal lives as long as this object; the other side may close and open the slave as often as it likes. That it opens is seen by
/// inotify, that it closes by the hang-up of the master; nothing is polled. A restarted register makes a new terminal and puts the link in
/// the place of the old one in one step.
/// </remarks>
internal sealed class PseudoTerminalLine : ILine
{
    private readonly string _path;
    private readonly DeviceFile _master;
    private readonly DeviceFile _notify;

    private PseudoTerminalLine(string path, string slave, DeviceFile master, DeviceFile notify)
    {
        _path = path;
        SlavePath = slave;
        _master = master;
        _notify = notify;
    }

    public string Name => "pty:" + _path;

    /// <summary>The slave's own path, such as <c>/dev/pts/7</c>.</summary>
    public string SlavePath { get; }

    /// <summary>Makes the terminal and the link.</summary>
    /// <param name="path">Where the link shall be. What is there must be a link, or nothing.</param>
    /// <exception cref="IOException">The system has no pseudo-terminal for us, or the path is taken.</exception>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static PseudoTerminalLine Create(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("pseudo-terminals are made on Linux only; use tcp or tcp-listen");
        }

        int master = Libc.OpenPseudoTerminal(
            Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (master < 0)
        {
            throw Libc.Failed("posix_openpt", path);
        }

        DeviceFile file = new(master);
        DeviceFile? notify = null;
        try
        {
            string slave = Prepare(master);
            notify = Watch(slave);
            Link(path, slave);
            return new PseudoTerminalLine(path, slave, file, notify);
        }
        catch
        {
            file.Dispose();
            notify?.Dispose();
            throw;
        }
    }

    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        byte[] events = new byte[4096];
        while (_master.IsHungUp())
        {
            // Whoever opened the slave after the question above has left an event here.
            await _notify.WaitReadableAsync(cancellationToken);
            while (_notify.TryRead(events) is > 0)
            {
            }
        }

        return new DeviceStream(_master);
    }

    public ValueTask DisposeAsync()
    {
        _master.Dispose();
        _notify.Dispose();
        if (new FileInfo(_path).LinkTarget == SlavePath)
        {
            File.Delete(_path);
        }

        return ValueTask.CompletedTask;
    }

    private static unsafe string Prepare(int master)
    {
        const int NameRoom = 64;
        byte* name = stackalloc byte[NameRoom];
        if (Libc.GrantPseudoTerminal(master) != 0
            || Libc.UnlockPseudoTerminal(master) != 0
            || Libc.PseudoTerminalName(master, name, NameRoom) != 0)
        {
            throw Libc.Failed("grantpt, unlockpt, ptsname_r", "new pseudo-terminal");
        }

        string path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        byte* termios = stackalloc byte[Libc.TermiosRoom];
        if (Libc.GetTerminal(master, termios) != 0)
        {
            throw Libc.Failed("tcgetattr", path);
        }

        // Raw before anybody opens it: an echo would come back to us as our own frames, and 0D would become 0A.
        Libc.MakeRaw(termios);
        if (Libc.SetTerminal(master, Libc.SetNow, termios) != 0)
        {
            throw Libc.Failed("tcsetattr", path);
        }

        // A slave that was never open does not count as hung up; one that was opened and closed does.
        int slave = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec);
        if (slave < 0)
        {
            throw Libc.Failed("open", path);
        }

        _ = Libc.Close(slave);
        return path;
    }

    private static DeviceFile Watch(string slave)
    {
        int notify = Libc.NotifyCreate(Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (notify < 0)
        {
            throw Libc.Failed("inotify_init1", slave);
        }

        DeviceFile file = new(notify);
        if (Libc.NotifyWatch(notify, slave, Libc.NotifyOpen) < 0)
        {
            file.Dispose();
            throw Libc.Failed("inotify_add_watch", slave);
        }

        return file;
    }

    private static void Link(string path, string slave)
    {
        FileInfo there = new(path);
        if (Directory.Exists(path) || (there.Exists && there.LinkTarget is null))
        {
            throw new IOException($"{path}: expected nothing or a symbolic link, found something else");
        }

        string beside = $"{path}.{Environment.ProcessId}";
        File.Delete(beside);
        File.CreateSymbolicLink(beside, slave);
        File.Move(beside, path, overwrite: true);
    }
}
