using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>Compiles the C99 reference client with the strict flags that its Makefile gives a firmware build.</summary>
internal static class ReferenceBuild
{
    /// <summary>How much faster than the specification the clients under test are: 8 s become 0.8 s.</summary>
    internal const int TimeScale = 10;

    /// <summary>A compiler on two shared cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    internal static string Folder { get; } = RepositoryFolder.File("firmware-sim", "reference-c");

    private static IReadOnlyList<string> Strict { get; } = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion"];

    /// <summary>Compiles a program of the reference client, or of a copy of it.</summary>
    /// <param name="to">The program.</param>
    /// <param name="main">Its main file, from the client's folder on.</param>
    /// <param name="from">The client's folder.</param>
    internal static Task ProgramAsync(string to, string main, string? from = null)
    {
        string folder = from ?? Folder;
        string[] sources = Directory.GetFiles(Path.Combine(folder, "src"), "*.c");
        return RunAsync("gcc", [
            .. Strict, "-O1", $"-DTLK_TIME_SCALE={TimeScale}", "-I" + Path.Combine(folder, "src"), "-o", to, Path.Combine(folder, main),
            .. sources.Order(StringComparer.Ordinal),
        ]);
    }

    /// <summary>Compiles one source for size and returns the bytes of code and constants.</summary>
    internal static async Task<int> TextSizeAsync(string source, string to)
    {
        _ = await RunAsync("gcc", [.. Strict, "-Os", "-c", "-o", to, source]);
        string[] lines = (await RunAsync("size", [to])).Split('\n');
        return int.Parse(lines[1].Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    internal static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string input = "")
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} ended with {process.ExitCode}:\n{await output}{await errors}");
        return await output;
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new InvalidOperationException("the tests of the C99 reference client need a C compiler: apt-get install gcc libc6-dev", fault);
        }
    }
}
