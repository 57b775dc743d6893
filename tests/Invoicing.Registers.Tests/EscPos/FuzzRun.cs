using System.Diagnostics;
using System.Globalization;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>
/// Many mutated inputs into one parser: 200,000 in CI; <c>INVOICING_FUZZ</c> asks for more, 10 million in the long run, and then for a parser that takes
/// no longer than a microsecond a byte, which only a machine that does nothing else can say.
/// </summary>
internal static class FuzzRun
{
    private const int Batch = 500;
    private const int UsualInputs = 200_000;
    private const double MostNanoseconds = 1_000;

    /// <summary>Runs a parser.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="make">Makes what gives inputs for one seed: an input each time it is called.</param>
    /// <param name="parse">Gives an input to the parser, whose time is counted, and judges what comes out.</param>
    internal static void Run(string name, ITestOutputHelper output, Func<Random, Func<byte[]>> make, Action<byte[], Random> parse)
    {
        bool isLong = int.TryParse(Environment.GetEnvironmentVariable("INVOICING_FUZZ"), CultureInfo.InvariantCulture, out int asked);
        int inputs = isLong ? asked : UsualInputs;
        long bytes = 0;
        Stopwatch watch = new();
        Seeded.Run(Math.Max(1, inputs / Batch), random =>
        {
            Func<byte[]> next = make(random);
            for (int i = 0; i < Batch; i++)
            {
                byte[] input = next();
                bytes += input.Length;
                watch.Start();
                parse(input, random);
                watch.Stop();
            }
        });
        double each = watch.Elapsed.TotalNanoseconds / Math.Max(1, bytes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz {name}: {inputs} inputs, {bytes} bytes, {each:0} ns a byte"));
        Assert.True(!isLong || each <= MostNanoseconds, $"{name}: {each:0} ns a byte");
    }

    /// <summary>Gives bytes away in pieces.</summary>
    internal static void InPieces(byte[] bytes, Random random, Action<ReadOnlyMemory<byte>> take)
    {
        int most = random.Next(3) switch { 0 => 3, 1 => 40, _ => 5000 };
        for (int at = 0; at < bytes.Length;)
        {
            int count = Math.Min(bytes.Length - at, random.Next(1, most));
            take(bytes.AsMemory(at, count));
            at += count;
        }
    }
}
