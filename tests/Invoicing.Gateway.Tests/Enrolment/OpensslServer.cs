using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>A TLS server that we did not write: <c>openssl s_server</c>.</summary>
internal sealed class OpensslServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TempFolder _folder;
    private readonly Task _reading;

    private OpensslServer(Process process, TempFolder folder)
    {
        _process = process;
        _folder = folder;
        _reading = ReadAsync();
    }

    public Uri Address { get; private set; } = new("https://localhost");

    public static bool IsThere => File.Exists("/usr/bin/openssl");

    public static async Task<OpensslServer> StartAsync(X509Certificate2 certificate, X509Certificate2[] sent, params string[] options)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("own.pem"), certificate.ExportCertificatePem());
        using (ECDsa key = certificate.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(folder.File("own.key"), key.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(folder.File("sent.pem"), string.Join("\n", sent.Select(one => one.ExportCertificatePem())));
        var start = new ProcessStartInfo("/usr/bin/openssl")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        string[] chain = sent.Length == 0 ? [] : ["-cert_chain", folder.File("sent.pem")];
        foreach (string argument in (string[])
            ["s_server", "-accept", "127.0.0.1:0", "-cert", folder.File("own.pem"), "-key", folder.File("own.key"), "-alpn", "h2", .. chain, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        var server = new OpensslServer(Process.Start(start)!, folder);
        await Waiting.Until(() => server.Address.Port != 443 || server._process.HasExited, "listening");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().Soon();
        await _reading.Soon();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task ReadAsync()
    {
        Task errors = _process.StandardError.ReadToEndAsync();
        const string Accept = "ACCEPT 127.0.0.1:";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Accept, StringComparison.Ordinal))
            {
                Address = new($"https://localhost:{line[Accept.Length..]}");
            }
        }

        await errors;
    }
}
