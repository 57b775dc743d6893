using System.Diagnostics;
using System.Text;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>The program itself, in a process of its own.</summary>
internal sealed class AuthorityProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AuthorityProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.StartsWith("listening on ", StringComparison.Ordinal))
            {
                _listening.TrySetResult(new(text["listening on ".Length..]));
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static AuthorityProcess Run(AuthorityFolder folder, IReadOnlyDictionary<string, string>? environment = null) =>
        new(Start(environment, "run", "--data", folder.Path, "--listen", "127.0.0.1:0"));

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Code, string Output, string Errors)> CallAsync(params string[] arguments) => CallAsync(environment: null, arguments);

    /// <summary>Runs a command to its end, with variables of its own.</summary>
    public static async Task<(int Code, string Output, string Errors)> CallAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output.Soon(), await errors.Soon());
    }

    public async Task<Uri> ListeningAsync()
    {
        Task ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(_listening.Task, ended).Soon(TimeSpan.FromSeconds(30)) == ended)
        {
            throw new InvalidOperationException($"ended with code {_process.ExitCode} before it listened: {Errors}");
        }

        return await _listening.Task;
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public Task EndedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(typeof(AuthorityFolder).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
