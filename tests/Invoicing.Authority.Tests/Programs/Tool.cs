using System.Diagnostics;
using System.Text;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>A program that we did not write, run to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="input">What it reads; its input ends behind it.</param>
    /// <param name="environment">Variables of its own.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<(int Code, string Output)> RunAsync(
        string program, string input, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all: its output says why.
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output.Soon() + await errors.Soon());
    }

    /// <summary>Runs it and expects that it does its work.</summary>
    public static async Task<string> DoAsync(string program, params string[] arguments)
    {
        (int code, string output) = await RunAsync(program, string.Empty, environment: null, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }
}
