using System.Diagnostics;
using System.Globalization;
using Invoicing.Authority;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Benchmarks.Intake;

/// <summary>An authority's folder with enrolled devices, and the program itself running on it in a process of its own.</summary>
internal sealed class BenchAuthority : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("invoicing-bench-");
    private Process? _process;

    public BenchAuthority()
    {
        Folder = new(Path.Combine(_root.FullName, "authority"));
        CertificateAuthority.Create(Folder, [], TimeProvider.System);
    }

    public AuthorityFolder Folder { get; }

    public Uri Address { get; private set; } = null!;

    public async Task<List<ClientBundle>> EnrolAsync(int devices)
    {
        var enroller = new ClientEnroller(Folder, TimeProvider.System);
        var bundles = new List<ClientBundle>();
        for (int i = 0; i < devices; i++)
        {
            bundles.Add(await enroller.AddDeviceAsync(
                new()
                {
                    Name = $"shop-{i}",
                    Seller = new(TaxCode.Parse("0107001729"), "Một Ly", "Hà Nội"),
                    Block = "A1B2C",
                    Series = InvoiceSeries.Parse("C26MAA"),
                    Codes = 90_000,
                    Numbers = devices > 1 ? 90_000 : 900_000,
                },
                CancellationToken.None));
        }

        return bundles;
    }

    /// <summary>Starts the server; an argument instead of the program's own runs another entry point of this one.</summary>
    public async Task StartAsync(params string[] own)
    {
        string program = own.Length == 0 ? typeof(AuthorityServer).Assembly.Location : typeof(BenchAuthority).Assembly.Location;
        string configuration = Path.Combine(_root.FullName, "authority.json");

        // Devices come from this address, a thousand at once; the benchmark of intruders sends those from another.
        await File.WriteAllTextAsync(configuration, """{ "door": { "trusted": ["127.0.0.1/32"] } }""");
        string[] arguments = own.Length == 0
            ? ["run", "--data", Folder.Path, "--listen", "127.0.0.1:0", "--config", configuration] : [.. own, Folder.Path];
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "1";
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && !text.Contains(" info: ", StringComparison.Ordinal) && text.Length > 0)
            {
                Console.Error.WriteLine($"  server: {text}");
            }
        };
        _process.BeginErrorReadLine();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("listening on ", StringComparison.Ordinal))
            {
                Address = new(line["listening on ".Length..]);
                return;
            }
        }

        throw new InvalidOperationException("the server ended before it listened");
    }

    /// <summary>Anonymous resident memory of the server, in MB.</summary>
    public double ServerMemory()
    {
        string line = File.ReadLines($"/proc/{_process!.Id}/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return Math.Round(double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024, 1);
    }

    /// <summary>Processor seconds of the server so far.</summary>
    public double ServerSeconds()
    {
        _process!.Refresh();
        return _process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Ends the server, and makes the ledger empty again if asked to.</summary>
    public async Task StopAsync(bool forgetLedger = false)
    {
        if (_process is not null)
        {
            using (var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await signal.WaitForExitAsync();
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }

        if (forgetLedger)
        {
            foreach (string file in Directory.EnumerateFiles(Folder.Path, "ledger.db*"))
            {
                File.Delete(file);
            }
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.Dispose();
        }

        _root.Delete(recursive: true);
    }
}
