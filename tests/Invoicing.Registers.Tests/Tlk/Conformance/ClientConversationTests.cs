using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The C99 client in the vectors' whole conversations, byte for byte, and its sealed session against what is not sealed right.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClientConversationTests(ClientObjects build)
{
    /// <summary>Its place in <c>tlk_frame.h</c>.</summary>
    private const uint DroppedForSeal = 9;

    /// <summary>Its place in <c>tlk_link.h</c>.</summary>
    private const int Sending = 2;

    private static readonly byte[] Recorded = [0x02, 1, 3];

    private readonly ManualTime _time = new();
    private readonly Queue<string> _said = [];

    public static TheoryData<string> Exchanges => Vectors.Names("exchanges");

    public static TheoryData<string> SealBad => Vectors.Names("sealBad");

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task The_client_speaks_as_the_vectors_do(string name)
    {
        JsonElement exchange = Vectors.Named("exchanges", name);
        JsonElement[] steps = [.. exchange.GetProperty("steps").EnumerateArray()];
        byte[]? key = exchange.TryGetProperty("key", out JsonElement hex) && hex.GetString() is { } text ? Convert.FromHexString(text) : null;
        HashSet<string> spoken = [.. steps.Select(step => step.Text("wire"))];
        using SteppedClient client = await StartAsync(steps, key);

        client.Plug(isUp: true);
        foreach (JsonElement step in steps)
        {
            Hear(client, spoken);
            if (step.Text("from") == "gateway")
            {
                if (!step.Text("means").EndsWith("lost", StringComparison.Ordinal))
                {
                    client.Receive(step.Hex("wire"));
                }

                continue;
            }

            if (_said.Count == 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(500)); // it goes again
                Hear(client, spoken);
            }

            Assert.True(_said.Count > 0, $"{step.Text("means")}: the client is silent");
            Assert.Equal(step.Text("wire"), _said.Dequeue());
        }

        Hear(client, spoken);
        Assert.Empty(_said);
        Assert.Equal(Sending, client.State);
        Assert.Equal(steps.Select(Sequence).Append(Greeting(steps).Register.LastAcknowledged).Max(), client.Acked);
    }

    [Theory]
    [MemberData(nameof(SealBad))]
    public async Task In_a_sealed_session_what_is_not_sealed_right_is_dropped_and_the_next_right_frame_is_taken(string name)
    {
        JsonElement[] steps = [.. Vectors.Named("exchanges", "a sale, sealed").GetProperty("steps").EnumerateArray()];
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] helloNonce = [.. Enumerable.Range(0x10, 16).Select(i => (byte)i)];
        byte[] welcomeNonce = [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)];
        var session = TlkSeal.Frames(key, helloNonce, welcomeNonce);
        using SteppedClient client = await StartAsync(steps, key);
        client.Plug(isUp: true);
        Hear(client, null);
        client.Receive(steps[1].Hex("wire"));
        Hear(client, null);
        Assert.Equal(Sending, client.State);
        _said.Clear();

        // The vectors' own wires come from a register; these are what a gateway's would be.
        TlkFrame ping = GatewayFrames.Ping(7, 7);
        TlkFrame right = session.Seal(ping);
        TlkFrame wrong = name switch
        {
            "tag wrong in one bit" => right with { Payload = Flipped(right.Payload) },
            "not sealed" => ping,
            "sealed flag and no room for a tag" => ping with { Flags = TlkFlags.Sealed },
            "sealed with the pairing key itself" => ByPairingKey(ping, key),
            "txn changed under the tag" => right with { Txn = 8 },
            "of another session" => TlkSeal.Frames(key, welcomeNonce, helloNonce).Seal(ping),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "a vector that this test does not know"),
        };
        uint before = client.Dropped(DroppedForSeal);

        client.Receive(wrong.ToWire());
        Hear(client, null);

        Assert.Empty(_said);
        Assert.Equal(before + 1, client.Dropped(DroppedForSeal));
        client.Receive(right.ToWire());
        Hear(client, null);
        Assert.Equal("06", _said.Dequeue()[6..8]);
    }

    /// <summary>A client whose journal is as the conversation's HELLO says.</summary>
    private async Task<SteppedClient> StartAsync(JsonElement[] steps, byte[]? key)
    {
        HelloMessage hello = Greeting(steps);
        SteppedClient client = new(await build.LibraryAsync(), _time, new()
        {
            Serial = hello.Register.Register.ToString(),
            Model = hello.Model,
            Firmware = hello.Firmware,
            Caps = (uint)(hello.Caps & ~TlkCaps.Seals),
            Key = key,
            Epoch = hello.Register.Epoch,
            Boot = hello.Boot,
        });
        client.SetClock(hello.Clock, hello.Confidence);
        client.SetNonce(hello.Nonce.Span);
        for (ulong seq = 1; seq <= hello.Register.NewestSequence; seq++)
        {
            client.Append(seq == 7 ? Vectors.Record(1) : Vectors.Record(0));
        }

        for (ulong seq = 1; seq <= hello.Register.LastAcknowledged; seq++)
        {
            client.Store(seq, Recovered(steps, seq) ?? Recorded);
        }

        client.Reuse(hello.Register.OldestSequence);
        return client;
    }

    /// <summary>What it says now, but STATUS and PING, which the vectors leave out, and records that the conversation does not speak of.</summary>
    private void Hear(SteppedClient client, HashSet<string>? spoken)
    {
        List<byte> written = [];
        client.Turn(written);
        foreach (string run in Convert.ToHexString([.. written]).Chunk(2).Select(pair => new string(pair)).Aggregate(
            new List<string> { "" },
            (runs, pair) =>
            {
                if (pair == "00")
                {
                    runs.Add("");
                }
                else
                {
                    runs[^1] += pair;
                }

                return runs;
            }).Where(run => run.Length > 0))
        {
            string wire = $"00{run}00";
            bool isLeftOut = wire[6..8] is "03" or "04" || (wire[6..8] == "02" && spoken?.Contains(wire) == false);
            if (!isLeftOut)
            {
                _said.Enqueue(wire);
            }
        }
    }

    private static HelloMessage Greeting(JsonElement[] steps)
    {
        TlkFrame frame = Vectors.Frame(steps[0].Hex("wire"));
        var hello = HelloMessage.Read(Bare(frame), out string? fault);
        Assert.Null(fault);
        return hello!;
    }

    private static ReadOnlyMemory<byte> Bare(TlkFrame frame) => frame.Flags.HasFlag(TlkFlags.Sealed) ? frame.Payload[..^16] : frame.Payload;

    private static RecMessage? Record(JsonElement step)
    {
        TlkFrame frame = Vectors.Frame(step.Hex("wire"));
        return frame.Type == TlkType.Rec ? RecMessage.Read(frame with { Payload = Bare(frame) }, out _, out _, out _) : null;
    }

    private static ulong Sequence(JsonElement step) => Record(step)?.Seq ?? 0;

    private static byte[]? Recovered(JsonElement[] steps, ulong seq) =>
        steps.Select(Record).FirstOrDefault(rec => rec?.Seq == seq)?.Recovered?.ToArray();

    private static byte[] Flipped(ReadOnlyMemory<byte> payload)
    {
        byte[] flipped = payload.ToArray();
        flipped[^1] ^= 1;
        return flipped;
    }

    private static TlkFrame ByPairingKey(TlkFrame frame, byte[] key)
    {
        byte[] payload = frame.Payload.ToArray();
        byte[] head = [1, (byte)frame.Type, (byte)TlkFlags.Sealed, frame.Txn, (byte)(payload.Length + 16), 0];
        byte[] tag = HMACSHA256.HashData(key, (byte[])[.. "TLK/1 frame\0"u8, .. head, .. payload])[..16];
        return frame with { Flags = TlkFlags.Sealed, Payload = (byte[])[.. payload, .. tag] };
    }
}
