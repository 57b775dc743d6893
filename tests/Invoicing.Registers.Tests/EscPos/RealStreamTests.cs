using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>Streams of real programs, read where they lie beside the checkout; without them, the project's own are read.</summary>
public sealed class RealStreamTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(RepositoryFolder.Path, "..", "shared", "data", "escpos"));

    [Fact]
    public void Each_stream_is_cut_to_its_last_byte_without_an_unknown_command()
    {
        foreach ((string name, byte[] bytes) in Streams())
        {
            EscPosTokenizer tokenizer = new();
            ReadOnlySpan<byte> input = bytes;
            int length = 0;
            int tokens = 0;
            while (tokenizer.TryRead(ref input, out EscPosToken token) || tokenizer.TryFlush(out token))
            {
                Assert.False(token.IsDoubtful, $"{name} at {length}: {token.Kind} {Convert.ToHexString(token.Bytes)}");
                length += token.Bytes.Length;
                tokens++;
            }

            Assert.Equal(bytes.Length, length);
            output.WriteLine($"escpos stream {name}: {length} bytes, {tokens} tokens, 0 unknown, {PageReader.Read(bytes, new()).Lines.Length} lines");
        }
    }

    internal static string? RealReceipt => Path.Combine(Folder, "receipt-with-logo.bin") is var path && File.Exists(path) ? path : null;

    private static IEnumerable<(string Name, byte[] Bytes)> Streams() => Directory.Exists(Folder) && Directory.GetFiles(Folder, "*.bin") is { Length: > 0 } files
        ? files.Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))
        : [("own receipt", JobScript.Receipt("1").Qr("x").Pulse().Cut().Bytes), ("own picture", new JobScript().Init().Raster(72, 200).Cut().Bytes)];
}
