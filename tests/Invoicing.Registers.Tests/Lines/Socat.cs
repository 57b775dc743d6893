using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>A cable made by socat: two pseudo-terminals with fixed names, pulled by ending the process.</summary>
internal sealed class Socat : IDisposable
{
    private readonly Process _process;

    private readonly string[] _links;

    private Socat(Process process, params string[] links)
    {
        _process = process;
        _links = links;
    }

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
        return new(process, near, far);
    }

    public void Dispose()
    {
        // Links first: a name that outlives its terminal may soon be that of another test's terminal.
        Array.ForEach(_links, File.Delete);
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
