using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Hosting;

/// <summary>A pseudo-terminal whose other end a test writes to, made by socat.</summary>
internal sealed class SerialCable : IAsyncDisposable
{
    private readonly Process _socat;

    private SerialCable(Process socat, string path)
    {
        _socat = socat;
        Path = path;
    }

    /// <summary>Where the edge's end is.</summary>
    public string Path { get; }

    public static async Task<SerialCable> PlugAsync(string path)
    {
        Process socat = Process.Start(new ProcessStartInfo("socat", [$"pty,raw,echo=0,link={path}", "stdio"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("expected socat to start");
        _ = socat.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // what the edge asks is heard by nobody
        await Waiting.Until(() => File.Exists(path), "the terminal is there");
        return new(socat, path);
    }

    /// <summary>Says something on the line.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _socat.StandardInput.BaseStream.WriteAsync(bytes).AsTask().Soon();
        await _socat.StandardInput.BaseStream.FlushAsync().Soon();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_socat.HasExited)
        {
            _socat.Kill();
        }

        await _socat.WaitForExitAsync().Soon();
        _socat.Dispose();
    }
}
