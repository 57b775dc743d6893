using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>A cable made by socat: two pseudo-terminals with fixed names, pulled by ending the process.</summary>
internal sealed class Socat : IDisposable
{
    private readonly Process _process;

    private Socat(Process process) => _process = process;

    internal static async Task<Socat> CableAsync(string near, string far)
    {
        ProcessStartInfo start = new("socat") { RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add($"pty,raw,echo=0,link={near}");
        start.ArgumentList.Add($"pty,raw,echo=0,link={far}");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new InvalidOperationException("these tests need socat: apt-get install socat", fault);
        }

        await Waiting.Until(() => File.Exists(near) && File.Exists(far), "a cable laid by socat");
        return new(process);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
