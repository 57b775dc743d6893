using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>Compiles the C99 reference client with the strict flags that its Makefile gives a firmware build.</summary>
internal static class ReferenceBuild
{
    /// <summary>How much faster than the specification the clients behind a real line are: 8 s become 0.8 s.</summary>
    internal const int TimeScale = 10;

    /// <summary>A compiler on two shared cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string Basket = "host/tlk_basket.c";

    internal static string Folder { get; } = RepositoryFolder.File("firmware-sim", "reference-c");

    /// <summary>What the library of a stepped client is made of: the client itself and what rings up and drives it.</summary>
    internal static IReadOnlyList<string> LibrarySources { get; } = [.. Core, Basket, "test/tlk_stepped.c"];

    private static string[] Core =>
        [.. Directory.GetFiles(Path.Combine(Folder, "src"), "*.c").Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Strict { get; } = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion"];

    /// <summary>A memory fault or undefined behaviour ends the program, and with it the test.</summary>
    private static IReadOnlyList<string> Watched { get; } = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"];

    /// <summary>Compiles a program of the reference client as it is, with its main file.</summary>
    internal static Task ProgramAsync(string to, string main) => RunAsync(
        "gcc", [.. Strict, "-O1", "-I" + Path.Combine(Folder, "src"), "-o", to, Path.Combine(Folder, main), .. Core.Select(source => Path.Combine(Folder, source))]);

    /// <summary>Compiles what the watched programs share, with all times of the protocol divided by <see cref="TimeScale"/>.</summary>
    internal static Task<IReadOnlyList<string>> WatchedObjectsAsync(string toFolder) =>
        ObjectsAsync(Folder, [.. Core, Basket], toFolder, [.. Watched, $"-DTLK_TIME_SCALE={TimeScale}"]);

    /// <summary>Compiles a program that is watched for memory faults and undefined behaviour.</summary>
    /// <param name="to">The program.</param>
    /// <param name="main">Its main file, from the client's folder on.</param>
    /// <param name="objects">What <see cref="WatchedObjectsAsync"/> made.</param>
    internal static Task WatchedProgramAsync(string to, string main, IEnumerable<string> objects) => RunAsync(
        "gcc", [.. Strict, .. Watched, $"-DTLK_TIME_SCALE={TimeScale}", "-I" + Path.Combine(Folder, "src"), "-o", to, Path.Combine(Folder, main), .. objects]);

    /// <summary>Compiles sources of the client, or of a copy of it, to objects for a library.</summary>
    /// <returns>The objects, in the order of the sources.</returns>
    internal static async Task<IReadOnlyList<string>> ObjectsAsync(string from, IEnumerable<string> sources, string toFolder, params IReadOnlyList<string> flags)
    {
        Directory.CreateDirectory(toFolder);
        string[] all = [.. sources];
        string[] objects = [.. all.Select(source => Path.Combine(toFolder, Path.GetFileNameWithoutExtension(source) + ".o"))];
        for (int i = 0; i < all.Length; i++)
        {
            _ = await RunAsync("gcc", [.. Strict, "-O1", "-fPIC", .. flags, "-I" + Path.Combine(from, "src"), "-c", "-o", objects[i], Path.Combine(from, all[i])]);
        }

        return objects;
    }

    /// <summary>Links objects to a library.</summary>
    internal static Task LibraryAsync(string to, IEnumerable<string> objects) => RunAsync("gcc", ["-shared", "-o", to, .. objects]);

    /// <summary>Compiles one source for size and returns the bytes of code and constants.</summary>
    internal static async Task<int> TextSizeAsync(string source, string to)
    {
        _ = await RunAsync("gcc", [.. Strict, "-Os", "-c", "-o", to, source]);
        string[] lines = (await RunAsync("size", [to])).Split('\n');
        return int.Parse(lines[1].Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    internal static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string input = "", TimeSpan? patience = null)
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
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(patience ?? Patience);
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
