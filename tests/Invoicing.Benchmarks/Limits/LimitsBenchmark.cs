using System.Diagnostics;
using Invoicing.Benchmarks.Method;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Benchmarks.Limits;

/// <summary><c>limits</c>: what this machine can do at most, one core unless said otherwise, so that other figures can be read.</summary>
internal static class LimitsBenchmark
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    public static Task<int> RunAsync(string[] args)
    {
        int rounds = Report.Number(args, "--pairs", 5);
        using var signer = SoftwareSigner.Create();
        using var key = VerifyingKey.Import(signer.PublicKey.Span);
        byte[] body = new byte[550];
        var hash = Sha256Hash.Of(body);
        EcdsaSignature signature = signer.Sign(hash);
        string folder = Directory.CreateTempSubdirectory("invoicing-limits-").FullName;
        try
        {
            (string Name, Func<double> Run)[] figures =
            [
                ("sign", () => Rate(1, () => signer.Sign(hash))),
                ("verify", () => Rate(1, () => key.Verify(hash, signature))),
                ("verify_two_cores", () => TwoCores(() => key.Verify(hash, signature))),
                ("sha256_550_bytes", () => Rate(1, () => Sha256Hash.Of(body))),
                ("fsync_4_KiB", () => Fsync(Path.Combine(folder, "fsync"))),
                ("sqlite_rows_1_a_commit", () => Rows(folder, body, 1)),
                ("sqlite_rows_64_a_commit", () => Rows(folder, body, 64)),
                ("sqlite_rows_1000_a_commit", () => Rows(folder, body, 1000)),
            ];
            Dictionary<string, List<double>> seen = figures.ToDictionary(f => f.Name, _ => new List<double>(), StringComparer.Ordinal);
            for (int round = 0; round < rounds; round++)
            {
                foreach ((string name, Func<double> run) in figures)
                {
                    seen[name].Add(run());
                }
            }

            Report.Tell(writer =>
            {
                writer.WriteString("benchmark", "limits");
                writer.WriteNumber("rounds", rounds);
                foreach ((string name, List<double> rates) in seen)
                {
                    double spread = Figures.Spread(rates);
                    writer.WriteStartObject(name);
                    Report.Number(writer, "per_second", Figures.Median(rates));
                    Report.Number(writer, "spread", spread);
                    writer.WriteBoolean("fit", Figures.IsFit(spread));
                    writer.WriteEndObject();
                }
            });
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Rate(int each, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(start) < Span)
        {
            action();
            count += each;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double TwoCores(Action action)
    {
        double[] rates = new double[2];
        Parallel.For(0, 2, i => rates[i] = Rate(1, action));
        return rates.Sum();
    }

    private static double Fsync(string path)
    {
        byte[] page = new byte[4096];
        using var file = new FileStream(path, FileMode.Create);
        return Rate(1, () =>
        {
            file.Position = 0;
            file.Write(page);
            DiskFlush.Flush(file);
        });
    }

    private static double Rows(string folder, byte[] body, int commit)
    {
        string path = Path.Combine(folder, $"rows-{commit}-{Stopwatch.GetTimestamp()}.db");
        using var file = SqliteFile.OpenWriter(path);
        file.Execute("CREATE TABLE entry(position INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL)");
        SqliteStatement insert = file.Statement("INSERT INTO entry(body, hash, signature) VALUES(?, ?, ?)");
        byte[] signature = new byte[EcdsaSignature.Length];
        return Rate(commit, () =>
        {
            file.Begin();
            for (int i = 0; i < commit; i++)
            {
                insert.Bind(0, body).Bind(1, body.AsSpan(0, 32)).Bind(2, signature).Run();
            }

            file.Commit();
            if (file.LogPages > 1000)
            {
                file.Checkpoint();
            }
        });
    }
}
