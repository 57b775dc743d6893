using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The C99 client: its size, its bytes against the golden vectors, its journal against power failures.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReferenceClientTests(ClientObjects client) : IDisposable
{
    private const int MostCode = 32 * 1024;

    /// <summary>Ten million inputs take a minute; it only ends what hangs.</summary>
    private static readonly TimeSpan FuzzPatience = TimeSpan.FromMinutes(30);

    /// <summary>What a gateway drops before it looks at a type, a register drops too.</summary>
    private static readonly string[] Early = ["oversize", "cobs", "short", "length", "crc", "version", "flags", "direction"];

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] HelloNonce = [.. Enumerable.Range(0x10, 16).Select(i => (byte)i)];
    private static readonly byte[] WelcomeNonce = [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_client_is_under_32_KiB_of_code_and_includes_nothing_but_the_three_standard_headers()
    {
        int size = 0;
        foreach (string source in Directory.GetFiles(Path.Combine(ReferenceBuild.Folder, "src")))
        {
            IEnumerable<string> foreign = (await File.ReadAllLinesAsync(source, TestContext.Current.CancellationToken))
                .Where(line => line.StartsWith("#include <", StringComparison.Ordinal)
                    && line is not ("#include <stddef.h>" or "#include <stdint.h>" or "#include <string.h>"));
            Assert.Empty(foreign);
            if (source.EndsWith(".c", StringComparison.Ordinal))
            {
                size += await ReferenceBuild.TextSizeAsync(source, _folder.File("part.o"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"the C client: {size} bytes of code and constants, gcc -Os");
        Assert.InRange(size, 1, MostCode);
    }

    /// <summary>200,000 inputs in CI; <c>INVOICING_FUZZ</c> asks for more, 10 million in the long run.</summary>
    [Fact]
    public async Task Mutated_bytes_never_lead_the_client_to_a_memory_fault_undefined_behaviour_or_an_unsound_state()
    {
        int inputs = int.TryParse(Environment.GetEnvironmentVariable("INVOICING_FUZZ"), CultureInfo.InvariantCulture, out int asked) ? asked : 200_000;
        string program = _folder.File("fuzz");
        await ReferenceBuild.WatchedProgramAsync(program, "test/tlk_fuzz.c", await client.WatchedAsync());
        string wires = string.Concat(
            Vectors.Of("frames").Where(v => v.Text("from") == "gateway").OrderBy(v => v.Text("type") == "81" ? (IsSealed(v) ? 1 : 0) : 2)
                .Concat(Vectors.Of("exchanges").SelectMany(v => v.GetProperty("steps").EnumerateArray()).Where(v => v.Text("from") == "gateway"))
                .Select(v => v.Text("wire") + "\n"));
        int seed = Random.Shared.Next(1, int.MaxValue);

        string said = await ReferenceBuild.RunAsync(program, [$"{seed}", $"{inputs}"], wires, FuzzPatience);

        TestContext.Current.TestOutputHelper?.WriteLine($"the C client, sanitized, seed {seed}: {said}");
        Assert.True(said.StartsWith($"{inputs} inputs", StringComparison.Ordinal), $"seed {seed}: {said}");
    }

    [Fact]
    public async Task The_client_writes_and_reads_every_golden_vector()
    {
        List<(string Command, string Answer)> asked = [.. Bytes(), .. Frames(), .. Records(), .. SealedFrames(), .. Tlvs()];
        string program = _folder.File("vectors");
        await ReferenceBuild.WatchedProgramAsync(program, "test/tlk_vectors.c", await client.WatchedAsync());

        string answers = await ReferenceBuild.RunAsync(program, [], string.Concat(asked.Select(a => a.Command + "\n")));

        string[] lines = answers.Split('\n');
        Assert.True(asked.Count > 100, $"only {asked.Count} questions");
        for (int i = 0; i < asked.Count; i++)
        {
            Assert.True(lines[i].TrimEnd() == asked[i].Answer, $"{asked[i].Command}\nexpected {asked[i].Answer}\nfound    {lines[i]}");
        }
    }

    /// <summary>Every section of the vectors is read by the test above, by <see cref="ClientConversationTests"/>, or is said here not to be a register's.</summary>
    [Fact]
    public void No_section_of_the_vectors_is_left_out()
    {
        string[] read = ["crc32c", "cobs", "cobsAccepted", "cobsRefused", "records", "frames", "fragmented", "bad", "exchanges", "sealBad"];
        string[] ofGateways = ["type", "seal", "payload", "session", "fragment", "gap", "late"];

        Assert.Equal(read.Order(StringComparer.Ordinal), Vectors.Sections.Order(StringComparer.Ordinal));
        Assert.All(Vectors.Of("bad"), v => Assert.Contains(v.Text("counter"), (string[])[.. Early, .. ofGateways]));
        Assert.Equal(Vectors.Of("frames").Count(v => IsSealed(v)), SealedFrames().Count(asked => asked.Answer == "right"));
    }

    /// <summary>Seeds and steps are chosen so that the ring wraps and every part of it is cut; all bytes of all seeds take minutes.</summary>
    [Theory]
    [InlineData(2, 11)]
    [InlineData(4, 23)]
    [InlineData(7, 17)]
    public async Task No_committed_record_or_result_is_lost_wherever_the_power_fails(int seed, int step)
    {
        string program = _folder.File("powerfail");
        await ReferenceBuild.ProgramAsync(program, "test/tlk_powerfail.c");

        string said = await ReferenceBuild.RunAsync(program, [$"{seed}", $"{step}"]);

        Assert.Contains("all sound", said, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Command, string Answer)> Bytes()
    {
        foreach (JsonElement v in Vectors.Of("crc32c"))
        {
            yield return ($"crc {Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(v.Text("ascii")))}", v.Text("crc"));
        }

        foreach (JsonElement v in Vectors.Of("cobs"))
        {
            yield return ($"encode {v.Text("plain")}", v.Text("coded"));
            yield return ($"decode {v.Text("coded")}", v.Text("plain"));
        }

        foreach (JsonElement v in Vectors.Of("cobsAccepted"))
        {
            yield return ($"decode {v.Text("coded")}", v.Text("plain"));
        }

        foreach (JsonElement v in Vectors.Of("cobsRefused"))
        {
            yield return ($"decode {v.Text("coded")}", "refused");
        }
    }

    private static IEnumerable<(string Command, string Answer)> Frames()
    {
        foreach (JsonElement v in Vectors.Of("frames"))
        {
            string from = v.Text("from") == "gateway" ? "80" : "00";
            string head = $"{v.Text("type")} {v.GetProperty("flags").GetInt32():X2} {v.GetProperty("txn").GetInt32():X2} {v.Text("payload")}".TrimEnd();
            yield return ($"frame {head}", v.Text("wire"));
            yield return ($"take {from} {v.Text("wire")}", head);
            yield return ($"take {(from == "80" ? "00" : "80")} {v.Text("wire")}", "none");
        }

        foreach (JsonElement v in Vectors.Of("bad").Where(v => Early.Contains(v.Text("counter"))))
        {
            yield return ($"take 00 {v.Text("wire")}", "none");
        }
    }

    /// <summary>Tags: written, found right, and found wrong where the vectors say so.</summary>
    private static IEnumerable<(string Command, string Answer)> SealedFrames()
    {
        string key = Convert.ToHexString(Key);
        string session = Convert.ToHexString(HMACSHA256.HashData(Key, (byte[])[.. "TLK/1 session\0"u8, .. HelloNonce, .. WelcomeNonce]));
        string inSession = $"{session} {Convert.ToHexString("TLK/1 frame\0"u8)}";
        yield return ($"session {key} {Convert.ToHexString((byte[])[.. HelloNonce, .. WelcomeNonce])}", session);
        foreach (JsonElement v in Vectors.Of("frames").Where(v => IsSealed(v)))
        {
            string type = v.Text("type");
            bool isAnswer = type == "81" || v.Text("name").Contains("for that HELLO", StringComparison.Ordinal);
            string label = type == "01" ? $"{key} {Convert.ToHexString("TLK/1 hello\0"u8)}"
                : isAnswer ? $"{key} {Convert.ToHexString((byte[])[.. "TLK/1 welcome\0"u8, .. HelloNonce])}"
                : inSession;
            string payload = v.Text("payload")[..^32];
            yield return ($"seal {label} {type} {v.GetProperty("flags").GetInt32():X2} {v.GetProperty("txn").GetInt32():X2} {payload}", v.Text("wire"));
            yield return ($"opens {label} {(v.Text("from") == "gateway" ? "80" : "00")} {v.Text("wire")}", "right");
        }

        foreach (JsonElement v in Vectors.Of("sealBad"))
        {
            yield return ($"opens {inSession} 00 {v.Text("wire")}", "wrong");
        }
    }

    /// <summary>Everything that is a run of TLVs, taken apart and written again.</summary>
    private static IEnumerable<(string Command, string Answer)> Tlvs()
    {
        IEnumerable<string> runs = Vectors.Of("records").Select(v => v.Text("record")).Concat(Vectors.Of("frames").Where(v => !IsSealed(v)).Select(v => v.Text("payload")));
        foreach (string run in runs.Where(run => run.Length > 0))
        {
            string taken = string.Join(' ', Taken(Convert.FromHexString(run)));
            yield return ($"read {run}", taken);
            yield return ($"write {taken}", run);
        }
    }

    private static IEnumerable<string> Taken(byte[] run)
    {
        for (int at = 0; at < run.Length;)
        {
            byte tag = run[at++];
            int length = 0;
            for (int shift = 0; ; shift += 7)
            {
                length |= (run[at] & 0x7F) << shift;
                if (run[at++] < 0x80)
                {
                    break;
                }
            }

            yield return $"{tag:X2}={Convert.ToHexString(run, at, length)}";
            at += length;
        }
    }

    private static bool IsSealed(JsonElement frame) => (frame.GetProperty("flags").GetInt32() & 4) != 0;

    private static IEnumerable<(string Command, string Answer)> Records()
    {
        foreach (JsonElement v in Vectors.Of("records"))
        {
            yield return ($"hash {v.Text("epoch")} {v.Seq():X16} {v.Text("record")}", v.Text("hash"));
        }

        foreach (JsonElement v in Vectors.Of("fragmented"))
        {
            string recovered = v.GetProperty("recovered") is { ValueKind: JsonValueKind.String } held ? held.GetString()! : "none";
            string wires = string.Join(' ', v.GetProperty("wires").EnumerateArray().Select(w => w.GetString()));
            yield return ($"send {v.Text("epoch")} {v.Seq():X16} {v.GetProperty("maxBody").GetInt32()} {v.Text("record")} {recovered}", wires);
        }
    }
}
