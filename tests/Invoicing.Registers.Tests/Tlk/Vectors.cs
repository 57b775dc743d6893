using System.Text.Json;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>The golden vectors of TLK/1, as the simulator and the Python register read them, too.</summary>
internal static class Vectors
{
    internal const ulong Epoch = 0x1122334455667788;

    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "tlk.json"))).RootElement;

    /// <summary>Names of all sections.</summary>
    internal static IEnumerable<string> Sections => Root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array).Select(p => p.Name);

    internal static IEnumerable<JsonElement> Of(string section) => Root.GetProperty(section).EnumerateArray();

    internal static TheoryData<string> Names(string section) => [.. Of(section).Select(v => v.GetProperty("name").GetString()!)];

    internal static JsonElement Named(string section, string name) =>
        Of(section).Single(v => v.GetProperty("name").GetString() == name);

    internal static string Text(this JsonElement vector, string key) => vector.GetProperty(key).GetString()!;

    internal static byte[] Hex(this JsonElement vector, string key) => Convert.FromHexString(vector.Text(key));

    internal static ulong Seq(this JsonElement vector) => vector.GetProperty("seq").GetUInt64();

    internal static byte[] Record(int index) => Of("records").ElementAt(index).Hex("record");

    internal static byte[] Wire(string frame) => Named("frames", frame).Hex("wire");

    /// <summary>The body of a well-formed frame of either side.</summary>
    internal static TlkFrame Frame(byte[] wire)
    {
        Assert.Equal(0, wire[0]);
        Assert.Equal(0, wire[^1]);
        byte[] body = new byte[wire.Length];
        int length = Cobs.Decode(wire.AsSpan(1..^1), body);
        Assert.True(length >= TlkFrame.Overhead);
        Assert.Equal(Crc32C.Of(body.AsSpan(0, length - 4)), BitConverter.ToUInt32(body, length - 4));
        return new((TlkType)body[1], (TlkFlags)body[2], body[3], body.AsMemory(6..(length - 4)));
    }

    /// <summary>All runs that a decoder makes of bytes.</summary>
    internal static List<TlkRun> Decode(ReadOnlySpan<byte> wire, int maxBody = TlkFrame.DefaultMaxBody)
    {
        TlkFrameDecoder decoder = new() { MaxBody = maxBody };
        List<TlkRun> runs = [];
        Feed(decoder, wire, runs);
        return runs;
    }

    internal static void Feed(TlkFrameDecoder decoder, ReadOnlySpan<byte> bytes, List<TlkRun> runs)
    {
        while (decoder.TryRead(ref bytes, out TlkRun run))
        {
            runs.Add(run);
        }
    }
}
