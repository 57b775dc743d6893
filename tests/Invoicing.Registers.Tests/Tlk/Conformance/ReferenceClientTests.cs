using System.Runtime.Versioning;
using System.Text.Json;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The C99 client: its size, its bytes against the golden vectors, its journal against power failures.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReferenceClientTests : IDisposable
{
    private const int MostCode = 32 * 1024;

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

        Assert.InRange(size, 1, MostCode);
    }

    [Fact]
    public async Task The_client_writes_and_reads_every_golden_vector()
    {
        List<(string Command, string Answer)> asked = [.. Bytes(), .. Frames(), .. Records()];
        string program = _folder.File("vectors");
        await ReferenceBuild.ProgramAsync(program, "test/tlk_vectors.c");

        string answers = await ReferenceBuild.RunAsync(program, [], string.Concat(asked.Select(a => a.Command + "\n")));

        string[] lines = answers.Split('\n');
        Assert.True(asked.Count > 100, $"only {asked.Count} questions");
        for (int i = 0; i < asked.Count; i++)
        {
            Assert.True(lines[i].TrimEnd() == asked[i].Answer, $"{asked[i].Command}\nexpected {asked[i].Answer}\nfound    {lines[i]}");
        }
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

        // What a gateway drops before it looks at a type, a register drops too.
        string[] early = ["oversize", "cobs", "short", "length", "crc", "version", "flags", "direction"];
        foreach (JsonElement v in Vectors.Of("bad").Where(v => early.Contains(v.Text("counter")) && !v.Text("name").Contains("between frames", StringComparison.Ordinal)))
        {
            yield return ($"take 00 {v.Text("wire")}", "none");
        }
    }

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
