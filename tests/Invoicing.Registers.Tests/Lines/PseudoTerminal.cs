using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines.Native;
using Invoicing.Testing;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>A real pseudo-terminal: the test holds the master, as a register would hold the other end of the cable.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class PseudoTerminal : IDisposable
{
    private readonly SafeFileHandle _master;

    internal PseudoTerminal()
    {
        _master = Open(Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking);
        Assert.False(_master.IsInvalid, "posix_openpt failed");
        Assert.Equal(0, Grant(_master));
        Assert.Equal(0, Unlock(_master));
        byte[] name = new byte[64];
        Assert.Equal(0, Name(_master, name, (nuint)name.Length));
        Path = System.Text.Encoding.ASCII.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
    }

    /// <summary>The slave's path, which the line opens.</summary>
    internal string Path { get; }

    internal SafeFileHandle Master => _master;

    public void Dispose() => _master.Dispose();

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[WriteSome(bytes)..];
        }
    }

    /// <summary>Writes what fits now.</summary>
    internal unsafe int WriteSome(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            nint written = Libc.Write(_master, from, (nuint)bytes.Length);
            return written < 0 ? 0 : (int)written;
        }
    }

    /// <summary>Reads what is there, at most so much; nothing while the slave is closed.</summary>
    internal unsafe byte[] ReadSome(int most = 4096)
    {
        byte[] buffer = new byte[most];
        fixed (byte* to = buffer)
        {
            nint read = Libc.Read(_master, to, (nuint)most);
            return read <= 0 ? [] : buffer[..(int)read];
        }
    }

    internal async Task<byte[]> ReadAsync(int count)
    {
        List<byte> all = [];
        await Waiting.Until(
            () =>
            {
                all.AddRange(ReadSome(count - all.Count));
                return all.Count >= count;
            },
            $"{count} bytes read");
        return [.. all];
    }

    internal Termios2 Settings()
    {
        Termios2 settings = default;
        Assert.Equal(0, Libc.Ioctl(_master, Libc.GetTermios2, ref settings));
        return settings;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial SafeFileHandle Open(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int Name(SafeFileHandle master, [Out] byte[] buffer, nuint length);
}
