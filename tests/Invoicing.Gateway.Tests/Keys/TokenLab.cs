using System.Diagnostics;
using Invoicing.Gateway.Keys;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>Tokens of SoftHSM 2 behind a module that pulls them out, hangs and crashes at a test's word (tests/pkcs11-proxy).</summary>
internal sealed class TokenLab : IDisposable
{
    public const string Pin = "5678-secret-pin";

    private static readonly Lazy<string> Module = new(Build);

    private readonly TempFolder _folder = new();

    public TokenLab()
    {
        Directory.CreateDirectory(_folder.File("flags"));
        UseTokens("tokens");
        WritePin(Pin);
        Initialize("till");
    }

    public string PinPath => _folder.File("pin");

    /// <summary>What opens keys: the proxy, the PIN's file, and this test program as key host.</summary>
    public KeyOptions Options => new()
    {
        Pkcs11Module = Module.Value,
        Pkcs11PinPath = PinPath,
        Host = new(
            "/usr/bin/env",
            [
                $"SOFTHSM2_CONF={Conf}", $"PKCS11_PROXY_FLAGS={_folder.File("flags")}",
                Path.Combine(AppContext.BaseDirectory, typeof(TokenLab).Assembly.GetName().Name!), "key-host",
            ]),
    };

    /// <summary>For each login that reached the token: 'y' if it was let in, 'n' if not.</summary>
    public string Logins => File.Exists(Flag("logins")) ? File.ReadAllText(Flag("logins")) : string.Empty;

    private string Conf => _folder.File("softhsm2.conf");

    public static KeyLocation Key(string label = "sign", string token = "till") => KeyLocation.Parse($"pkcs11:token={token};object={label}", "/");

    /// <summary>Raises or lowers a flag of the proxy: gone, hang, crash.</summary>
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

    public void WritePin(string pin) => PrivateFile.Write(PinPath, pin + "\n");

    /// <summary>Other tokens in the slots from the next start of a module on.</summary>
    public void UseTokens(string name)
    {
        Directory.CreateDirectory(_folder.File(name));
        File.WriteAllText(Conf, $"directories.tokendir = {_folder.File(name)}\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    public void Initialize(string label) => Run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "officer-1234", "--pin", Pin);

    /// <summary>A program that is not ours, on the same token.</summary>
    public string Tool(params string[] arguments) =>
        Run("pkcs11-tool", ["--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", "till", "--login", "--pin", Pin, .. arguments]);

    public void Dispose() => _folder.Dispose();

    private static string Build()
    {
        string source = RepositoryFolder.File("tests/pkcs11-proxy/proxy.c");
        string module = Path.Combine(AppContext.BaseDirectory, "pkcs11-proxy.so");
        string built = $"{module}.{Environment.ProcessId}";
        Run(new("gcc", ["-shared", "-fPIC", "-Wall", "-Werror", "-O1", "-I/usr/include/p11-kit-1", "-o", built, source, "-ldl"]));
        File.Move(built, module, overwrite: true);
        return module;
    }

    private static string Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{start.FileName}: {errors.Result}{output}");
        return output;
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["SOFTHSM2_CONF"] = Conf;
        return Run(start);
    }

    private string Flag(string name) => Path.Combine(_folder.File("flags"), name);
}
