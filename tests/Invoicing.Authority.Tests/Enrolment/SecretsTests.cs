using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Enrolment;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>No line of any log, at any level, holds a secret or a private key.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task The_whole_ceremony_is_logged_without_a_secret()
    {
        using var temp = new TempFolder();
        var folder = new AuthorityFolder(temp.File("authority"));
        CertificateAuthority.Create(folder, [], TimeProvider.System);
        using var log = new EveryLine();
        var secrets = new List<byte[]>();
        var texts = new List<string>();
        await using (AuthorityServer server = await AuthorityServer.StartAsync(
            new() { Folder = folder, Listen = new(IPAddress.Loopback, 0), LogLevel = LogLevel.Trace }, logging => logging.AddProvider(log),
            TestContext.Current.CancellationToken))
        {
            string root = await File.ReadAllTextAsync(folder.RootCertificate, TestContext.Current.CancellationToken);
            JsonObject invited = await new RegistryDoor(folder, TimeProvider.System).SendAsync(
                new RegistryCommand.Invite(Terms, 3_600, Succeeds: null), TestContext.Current.CancellationToken);
            var code = ActivationCode.Parse(invited["code"]!.GetValue<string>());
            texts.Add(code.Reveal());
            texts.Add(code.Reveal().Replace("-", string.Empty, StringComparison.Ordinal));
            secrets.Add(code.Secret);
            using GrpcChannel open = OpenTill.Channel(server.Address, root, own: null);
            using var till = new OpenTill();
            await till.EnrolAsync(open, till.ToEnrol(code));
            AddKeys(till.Bundle.PrivateKey);
            using GrpcChannel channel = BundleChannel.Open(server.Address, till.Bundle);
            using (SampleChain chain = new SampleChain(till.Grant, signer: till.Signer).With(invoices: 1))
            using (var client = new IntakeClient(channel))
            {
                await client.HelloAsync(chain);
                await client.SendAsync(chain.Entries);
                await client.AnswerForAsync(2, till.Bundle);
                till.MakeAnotherKey();
                await till.RenewAsync(channel, till.ToRenew(chain.Id));
                AddKeys(till.Bundle.PrivateKey);
                secrets.Add(Private(till.Signer.Export()));
            }

            // Refusals are where texts are put together.
            using var thief = new OpenTill();
            await OpenTill.RefusalAsync(thief.EnrolAsync(open, thief.ToEnrol(code)));
            var never = ActivationCode.Create([1]);
            secrets.Add(never.Secret);
            await OpenTill.RefusalAsync(thief.EnrolAsync(open, thief.ToEnrol(never)));
            AddKeys((await new ClientEnroller(folder, TimeProvider.System).AddFollowerAsync("official", TestContext.Current.CancellationToken)).PrivateKey);
            foreach (string file in (string[])[folder.RootKey, folder.IssuingKey, folder.ServerKey, folder.WatermarkKey])
            {
                AddKeys(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            }
        }

        string all = string.Join('\n', log.Lines);
        Assert.True(log.Lines.Count > 100, $"{log.Lines.Count} lines"); // the test sees what is logged
        Assert.Contains("Device shop-1 was enrolled", all, StringComparison.Ordinal);
        Assert.True(secrets.Count >= 9);
        foreach (byte[] secret in secrets)
        {
            texts.AddRange([Convert.ToHexString(secret), Convert.ToHexStringLower(secret), Convert.ToBase64String(secret).TrimEnd('=')]);
        }

        Assert.All(texts, text => Assert.DoesNotContain(text, all, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("PRIVATE KEY", all, StringComparison.Ordinal);

        void AddKeys(string pem)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            secrets.Add(Private(key.ExportPkcs8PrivateKey()));
            texts.AddRange(pem.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(4).Where(l => !l.StartsWith('-') && l.Length > 20));
        }
    }

    private static DeviceTerms Terms => new()
    {
        Name = "shop-1",
        TaxCode = "0107001729",
        SellerName = "Một Ly",
        Address = "Hà Nội",
        Block = "A1B2C",
        Series = "C26MAA",
        Codes = 100,
        Numbers = 100,
        Kind = 1,
        CertificateDays = 90,
    };

    private static byte[] Private(byte[] pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key.ExportParameters(includePrivateParameters: true).D!;
    }

    private sealed class EveryLine : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
