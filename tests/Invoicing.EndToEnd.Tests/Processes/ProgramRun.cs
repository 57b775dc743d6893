using System.Collections.Concurrent;
using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Processes;

/// <summary>One of our programs, or a tool, as a process of its own whose output is kept for the failure's message.</summary>
public sealed class ProgramRun : IAsyncDisposable
{
    private const int KeptLines = 200;

    private readonly Process _process;
    private readonly string _name;
    private readonly ConcurrentQueue<string> _recent = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly bool _keepOutput;

    private ProgramRun(string name, Process process, bool keepOutput)
    {
        _name = name;
        _process = process;
        _keepOutput = keepOutput;
    }

    /// <summary>Lines of standard output so far, if asked to keep them.</summary>
    public IReadOnlyCollection<string> Output => _output;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of both outputs, for messages.</summary>
    public string Tail => $"--- {_name} (pid {_process.Id}) ---{Environment.NewLine}{string.Join(Environment.NewLine, _recent)}";

    /// <summary>Path of one of our programs, beside the tests.</summary>
    public static string Ours(string program) => Path.Combine(AppContext.BaseDirectory, program);

    public static ProgramRun Start(string file, IEnumerable<string> arguments, bool keepOutput = true)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        var run = new ProgramRun(Path.GetFileName(file), process, keepOutput);
        process.OutputDataReceived += (_, line) => run.Take(line.Data, isOutput: true);
        process.ErrorDataReceived += (_, line) => run.Take(line.Data, isOutput: false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Runs to the end and expects an exit code.</summary>
    public static async Task<IReadOnlyCollection<string>> ToEndAsync(
        string file, IEnumerable<string> arguments, int exitCode = 0, TimeSpan? limit = null)
    {
        await using ProgramRun run = Start(file, arguments);
        int code = await run.WaitAsync(limit ?? TimeSpan.FromSeconds(60));
        Assert.True(code == exitCode, $"expected exit code {exitCode}, found {code}{Environment.NewLine}{run.Tail}");
        return run.Output;
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> WaitAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().Soon(limit);
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}{Environment.NewLine}{Tail}", fault);
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until a line of either output contains a text.</summary>
    public async Task UntilSaysAsync(string text, TimeSpan? limit = null)
    {
        try
        {
            await Waiting.Until(
                () => _recent.Any(line => line.Contains(text, StringComparison.Ordinal)) || _process.HasExited,
                $"said '{text}'", limit ?? TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}{Environment.NewLine}{Tail}", fault);
        }

        Assert.True(
            _recent.Any(line => line.Contains(text, StringComparison.Ordinal)),
            $"expected '{text}', but the program ended{Environment.NewLine}{Tail}");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().Soon();
    }

    /// <summary>SIGTERM, as a service manager ends a service.</summary>
    public async Task<int> TerminateAsync(TimeSpan? limit = null)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync().Soon();
        return await WaitAsync(limit ?? TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line, bool isOutput)
    {
        if (line is null)
        {
            return;
        }

        if (isOutput && _keepOutput)
        {
            _output.Enqueue(line);
        }

        _recent.Enqueue(line);
        while (_recent.Count > KeptLines)
        {
            _recent.TryDequeue(out _);
        }
    }
}
