using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>A PKCS#11 token: SoftHSM 2, with keys made by OpenSC's tool.</summary>
internal sealed class SoftToken
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    private const string Pin = "56781234";

    private readonly string _folder;

    private SoftToken(string folder) => _folder = folder;

    /// <summary>What a program needs to find the token. A process's own variables are not seen by native libraries that are loaded already.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["SOFTHSM2_CONF"] = Path.Combine(_folder, "softhsm2.conf"),
        ["PKCS11_MODULE_PATH"] = Module,
    };

    /// <summary>Makes a token with keys on P-256.</summary>
    public static async Task<SoftToken> MakeAsync(TempFolder temp, params string[] keys)
    {
        var token = new SoftToken(temp.File("token"));
        Directory.CreateDirectory(Path.Combine(token._folder, "tokens"));
        await File.WriteAllTextAsync(
            Path.Combine(token._folder, "softhsm2.conf"), $"directories.tokendir = {token._folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(token._folder, "pin"), Pin, TestContext.Current.CancellationToken);
        await token.DoAsync("softhsm2-util", "--init-token", "--free", "--label", "authority", "--so-pin", "87654321", "--pin", Pin);
        for (int i = 0; i < keys.Length; i++)
        {
            await token.DoAsync(
                "pkcs11-tool", "--module", Module, "--login", "--pin", Pin, "--token-label", "authority", "--keypairgen", "--key-type", "EC:prime256v1",
                "--label", keys[i], "--id", $"0{i + 1}");
        }

        return token;
    }

    /// <summary>Where a key is.</summary>
    public string LocationOf(string key) => $"pkcs11:token=authority;object={key};type=private?pin-source=file:{_folder}/pin";

    /// <summary>Pulls the token out, and puts it in again.</summary>
    public void Plug(bool isIn)
    {
        (string from, string to) = (Path.Combine(_folder, isIn ? "out" : "tokens"), Path.Combine(_folder, isIn ? "tokens" : "out"));
        if (isIn)
        {
            Directory.Delete(to);
        }

        Directory.Move(from, to);
        if (!isIn)
        {
            Directory.CreateDirectory(from);
        }
    }

    private async Task DoAsync(string program, params string[] arguments)
    {
        (int code, string output) = await Tool.RunAsync(program, string.Empty, Environment, arguments);
        Assert.True(code == 0, $"{program}: {output}");
    }
}
