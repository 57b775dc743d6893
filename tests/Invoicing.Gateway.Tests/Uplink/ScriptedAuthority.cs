using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Gateway.Tests.Enrolment;
using Invoicing.Hashing;
using Invoicing.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>An authority that speaks the real protocol over real TLS and does what the test says: stores, lies, refuses, fences.</summary>
internal sealed class ScriptedAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SoftwareSigner _key;
    private readonly ChainVerifier _verifier = new(new KeyRing());
    private int _streams;

    private ScriptedAuthority(WebApplication app, SoftwareSigner key)
    {
        _app = app;
        _key = key;
    }

    /// <summary>What it does when devices enrol and renew; <see langword="null"/>: it does not offer that.</summary>
    public EnrolmentScript? Enrolment { get; private init; }

    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>What it holds of the one chain that it is for.</summary>
    public List<ReceivedEntry> Ledger { get; } = [];

    public List<Wire.SubmittedEntry> Submitted { get; } = [];

    public ConcurrentQueue<Wire.Hello> Hellos { get; } = new();

    /// <summary>What was wrong with the proof of each hello; <see langword="null"/> where nothing was.</summary>
    public ConcurrentQueue<string?> Faults { get; } = new();

    public ConcurrentQueue<Wire.Alive> Alives { get; } = new();

    /// <summary>Grants further ranges.</summary>
    public Func<Wire.RangeRequest, Wire.RangeGrant> Ranges { get; set; } = _ => new() { Text = "none here" };

    public ChainState? Chain { get; set; }

    public uint WindowEntries { get; set; } = 4096;

    public uint WindowBytes { get; set; } = 4 << 20;

    public int LargestUnanswered { get; private set; }

    /// <summary>Changes the watermark before it is sent; gets what would be true.</summary>
    public Func<SignedWatermark, SignedWatermark>? Bend { get; set; }

    /// <summary>Says something else instead of taking a batch; return null to take it.</summary>
    public Func<Wire.Batch, Wire.IntakeResponse?>? Instead { get; set; }

    /// <summary>Sent after each answer.</summary>
    public Func<IReadOnlyList<SignedVerdict>>? Verdicts { get; set; }

    public Func<Wire.RegisterHistoryRequest, Wire.RegisterHistoryResponse> History { get; set; } = _ => new() { Known = false };

    /// <summary>Ends every stream with this status, if set.</summary>
    public Status? Status { get; set; }

    public int Streams => Volatile.Read(ref _streams);

    public static async Task<ScriptedAuthority> StartAsync(TestShop shop, int port = 0, EnrolmentScript? enrolment = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        X509Certificate2 server = shop.Certificates.IssueCertificate("localhost");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            var https = new HttpsConnectionAdapterOptions
            {
                ServerCertificate = server,
                SslProtocols = SslProtocols.None,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == "CN=Test Authority Root",
            };
            if (enrolment is not null)
            {
                ScriptedEnrolment.Configure(https, enrolment);
            }

            listen.UseHttps(https);
        }));
        builder.Services.AddGrpc();
        ScriptedAuthority? self = null;
        builder.Services.AddSingleton(_ => self!);
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        app.MapGrpcService<ScriptedEnrolment>();
        self = new(app, shop.AuthorityKey) { Enrolment = enrolment };
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        self.Address = new($"https://localhost:{new Uri(address).Port}");
        return self;
    }

    public SignedWatermark Watermark(long position, Sha256Hash hash, ChainId? chain = null, long ledgerTime = 1_782_950_400_000) =>
        WatermarkSigner.Sign([new(chain ?? Chain!.Chain, position, hash, 0)], ledgerTime, position, _key)[0];

    public SignedWatermark? Newest()
    {
        lock (Ledger)
        {
            return Chain is { Position: > 0 } state ? Watermark(state.Position, state.Hash) : null;
        }
    }

    public static Wire.Watermark Of(SignedWatermark watermark) => new()
    {
        Root = Google.Protobuf.ByteString.CopyFrom(watermark.Root.Span),
        Signature = Google.Protobuf.ByteString.CopyFrom(watermark.Signature.ToArray()),
        Leaf = Google.Protobuf.ByteString.CopyFrom(watermark.Leaf.Span),
        LeafNumber = (uint)watermark.LeafNumber,
        Path = Google.Protobuf.ByteString.CopyFrom(watermark.Path.Span),
    };

    /// <summary>Forgets everything after a position, as an authority restored from a backup has.</summary>
    public void LoseAfter(int position)
    {
        lock (Ledger)
        {
            Ledger.RemoveRange(position, Ledger.Count - position);
            ReceivedEntry last = Ledger[^1];
            Chain = Chain! with { Position = position, Hash = SignedEntry.HashOf(last.Body.Span) };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private Wire.Watermark? Statement() => Newest() is { } newest ? Of(Bend?.Invoke(newest) ?? newest) : null;

    private Wire.IntakeResponse Take(Wire.Batch batch)
    {
        lock (Ledger)
        {
            LargestUnanswered = Math.Max(LargestUnanswered, batch.Entries.Count);
            ReceivedEntry[] entries = [.. batch.Entries.Select(e => new ReceivedEntry(e.Body.ToByteArray(), new(e.Signature.Span)))];
            VerifiedRun run = _verifier.Verify(Chain!, entries, SignatureDepth.Every);
            Ledger.AddRange(entries.Take(run.Entries.Count));
            Submitted.AddRange(batch.Entries.Take(run.Entries.Count));
            Chain = run.State;
            return run.Fault is { } fault
                ? new()
                {
                    Refusal = new()
                    {
                        Reason = (Wire.RefusalReason)fault.Reason,
                        Position = (ulong)fault.Position,
                        Text = fault.Text,
                        Watermark = Statement(),
                    },
                }
                : new() { Answer = new() { Watermark = Statement(), JudgedPosition = (ulong)Chain.Position } };
        }
    }

    /// <summary>What is wrong with a hello's proof; <see langword="null"/> if nothing is.</summary>
    private static string? Prove(Wire.Hello hello, byte[] nonce, ChainState? known)
    {
        var chain = new ChainId(hello.Chain.Span);
        var proof = new PossessionProof(
            hello.Proof.PublicKey.Memory, new(hello.Proof.Signature.Span),
            [.. hello.Proof.KeyChanges.Select(c => new ReceivedEntry(c.Body.Memory, new(c.Signature.Span)))]);
        byte[] statement = PossessionProof.HelloStatement(
            nonce, chain, (long)hello.HeadPosition, new(hello.HeadHash.Span), hello.Instance.Span);
        return proof.Verify(new KeyRing(), PossessionPurpose.Hello, statement, chain, known is { Position: > 0 } ? known.PublicKey.Span : default);
    }

    private sealed class Service(ScriptedAuthority authority) : Wire.IntakeService.IntakeServiceBase
    {
        public override Task<Wire.RegisterHistoryResponse> GetRegisterHistory(Wire.RegisterHistoryRequest request, ServerCallContext context) =>
            Task.FromResult(authority.History(request));

        public override async Task Submit(
            IAsyncStreamReader<Wire.IntakeRequest> requestStream, IServerStreamWriter<Wire.IntakeResponse> responseStream, ServerCallContext context)
        {
            Interlocked.Increment(ref authority._streams);
            authority.Enrolment?.Callers.Enqueue(Sha256Hash.Of(context.GetHttpContext().Connection.ClientCertificate!.RawData));
            if (authority.Status is { } status)
            {
                throw new RpcException(status);
            }

            byte[] nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(PossessionProof.NonceLength);
            await responseStream.WriteAsync(new() { Challenge = new() { Nonce = Google.Protobuf.ByteString.CopyFrom(nonce) } });
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                Wire.IntakeRequest request = requestStream.Current;
                if (request.Alive is { } alive)
                {
                    authority.Alives.Enqueue(alive);
                    continue;
                }

                if (request.Ranges is { } ranges)
                {
                    await responseStream.WriteAsync(new() { RangeGrant = authority.Ranges(ranges) });
                    continue;
                }

                if (request.Hello is { } hello)
                {
                    authority.Hellos.Enqueue(hello);
                    authority.Faults.Enqueue(Prove(hello, nonce, authority.Chain));
                    var enrolment = EnrolmentGrant.Read(hello.Enrolment.ToByteArray());
                    authority.Chain ??= ChainState.Start(new(hello.Chain.Span), enrolment.Hash);
                    await responseStream.WriteAsync(new()
                    {
                        Welcome = new()
                        {
                            Watermark = authority.Statement(),
                            WindowEntries = authority.WindowEntries,
                            WindowBytes = authority.WindowBytes,
                        },
                    });
                    continue;
                }

                Wire.IntakeResponse response = authority.Instead?.Invoke(request.Batch) ?? authority.Take(request.Batch);
                await responseStream.WriteAsync(response);
                if (response.Refusal is not null)
                {
                    throw new RpcException(new Status(StatusCode.FailedPrecondition, response.Refusal.Text));
                }

                if (authority.Verdicts?.Invoke() is { Count: > 0 } verdicts)
                {
                    var message = new Wire.Verdicts();
                    message.Verdicts_.AddRange(verdicts.Select(v => new Wire.SignedVerdict
                    {
                        Body = Google.Protobuf.ByteString.CopyFrom(v.Body.Span),
                        Signature = Google.Protobuf.ByteString.CopyFrom(v.Signature.ToArray()),
                    }));
                    await responseStream.WriteAsync(new() { Verdicts = message });
                }
            }
        }
    }
}
