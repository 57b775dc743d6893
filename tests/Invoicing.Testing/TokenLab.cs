using System.Diagnostics;

namespace Invoicing.Testing;

/// <summary>Tokens of SoftHSM 2 behind a module that pulls them out, hangs and crashes at a test's word (tests/pkcs11-proxy).</summary>
public sealed class TokenLab : IDisposable
{
    /// <summary>PIN of every token.</summary>
    public const string Pin = "5678-secret-pin";

    /// <summary>Label of the first token.</summary>
    public const string Token = "till";

    private static readonly Lazy<string> Built = new(Build);

    private readonly TempFolder _folder = new();

    /// <summary>Makes a token and writes its PIN down.</summary>
    public TokenLab()
    {
        Directory.CreateDirectory(_folder.File("flags"));
        UseTokens("tokens");
        WritePin(Pin);
        Initialize(Token);
    }

    /// <summary>The module.</summary>
    public static string Module => Built.Value;

    /// <summary>File of the PIN.</summary>
    public string PinPath => _folder.File("pin");

    /// <summary>What the module is told by the environment, as <c>NAME=value</c> for <c>/usr/bin/env</c>.</summary>
    public IReadOnlyList<string> Environment => [$"SOFTHSM2_CONF={Conf}", $"PKCS11_PROXY_FLAGS={_folder.File("flags")}"];

    /// <summary>For each login that reached a token: 'y' if it was let in, 'n' if not.</summary>
    public string Logins => File.Exists(Flag("logins")) ? File.ReadAllText(Flag("logins")) : string.Empty;

    private string Conf => _folder.File("softhsm2.conf");

    /// <summary>Raises or lowers a flag of the module: gone, hang, crash.</summary>
    public void Set(string flag, bool isOn)
    {
        if (isOn)
        {
            File.WriteAllText(Flag(flag), string.Empty);
        }
        else
        {
            File.Delete(Flag(flag));
        }
    }

    /// <summary>Writes the PIN's file anew, at one stroke.</summary>
    public void WritePin(string pin)
    {
        File.WriteAllText(PinPath + ".part", pin + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PinPath + ".part", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(PinPath + ".part", PinPath, overwrite: true);
    }

    /// <summary>Other tokens in the slots from the next start of a module on.</summary>
    public void UseTokens(string name)
    {
        Directory.CreateDirectory(_folder.File(name));
        File.WriteAllText(Conf, $"directories.tokendir = {_folder.File(name)}\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    /// <summary>Makes a token.</summary>
    public void Initialize(string label) => Run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "officer-1234", "--pin", Pin);

    /// <summary>A program that is not ours, on the token <see cref="Token"/>.</summary>
    public string Tool(params string[] arguments) =>
        Run("pkcs11-tool", ["--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", Token, "--login", "--pin", Pin, .. arguments]);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string Build()
    {
        string source = RepositoryFolder.File("tests/pkcs11-proxy/proxy.c");
        string module = Path.Combine(AppContext.BaseDirectory, "pkcs11-proxy.so");
        string built = $"{module}.{System.Environment.ProcessId}";
        Run(new("gcc", ["-shared", "-fPIC", "-Wall", "-Werror", "-O1", "-I/usr/include/p11-kit-1", "-o", built, source, "-ldl"]));
        File.Move(built, module, overwrite: true);
        return module;
    }

    private static string Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}{output}");
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["SOFTHSM2_CONF"] = Conf;
        return Run(start);
    }

    private string Flag(string name) => Path.Combine(_folder.File("flags"), name);
}
