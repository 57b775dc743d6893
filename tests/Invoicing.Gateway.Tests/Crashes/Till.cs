using System.Diagnostics;
using System.Globalization;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Crashes;

/// <summary>Starts a till's process, hears what it was told, and ends it.</summary>
internal sealed class Till : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _told = [];
    private readonly Task _listening;
    private readonly Task<string> _errors;
    private volatile int _count;

    private Till(Process process)
    {
        _process = process;
        _listening = Task.Run(ListenAsync);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Sales it was told so far.</summary>
    public int Told => _count;

    /// <summary>Whether nothing more will be told.</summary>
    public bool HasEnded => _listening.IsCompleted;

    /// <summary>Starts one.</summary>
    /// <param name="shop">Whose journal.</param>
    /// <param name="registers">Lanes.</param>
    /// <param name="tracer">A program before it, with its arguments, such as strace.</param>
    public static Till Start(TestShop shop, int registers, params string[] tracer) => StartAs("till", shop, registers, tracer);

    /// <summary>Starts one that does something else than a till does.</summary>
    /// <param name="part">What: see this program's start.</param>
    /// <param name="shop">Whose journal.</param>
    /// <param name="registers">Lanes.</param>
    /// <param name="tracer">As for <see cref="Start"/>.</param>
    public static Till StartAs(string part, TestShop shop, int registers, params string[] tracer)
    {
        string bundle = Path.Combine(shop.Folder, "bundle.json");
        File.WriteAllText(bundle, shop.Bundle.ToJson());
        string program = Path.Combine(AppContext.BaseDirectory, typeof(Till).Assembly.GetName().Name!);
        string[] command = [.. tracer, program, part, shop.JournalPath, bundle, registers.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start"));
    }

    /// <summary>Kills it, with SIGKILL, and gives what it had been told.</summary>
    public async Task<IReadOnlyList<string>> KillAsync()
    {
        _process.Kill();
        return (await EndAsync()).Told;
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<(IReadOnlyList<string> Told, int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().Soon(TimeSpan.FromSeconds(60));
        await _listening.Soon();
        return (_told, _process.ExitCode, await _errors.Soon());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may be torn by the kill; a whole one has five words and a hash of 64 digits.
            if (line.Split(' ') is [_, _, _, _, { Length: 64 }])
            {
                _told.Add(line);
                _count = _told.Count;
            }
        }
    }
}
