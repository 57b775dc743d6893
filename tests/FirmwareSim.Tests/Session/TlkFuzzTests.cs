using System.Buffers.Binary;
using System.Globalization;
using FirmwareSim.Bytes;
using FirmwareSim.Records;
using FirmwareSim.Session;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Session;

/// <summary>Mutated bytes into everything that reads what a gateway sends, and into the session behind it.</summary>
/// <remarks>200,000 inputs in CI; <c>INVOICING_FUZZ</c> asks for more, 10 million in the long run.</remarks>
public sealed class TlkFuzzTests
{
    private const int Batch = 1000;

    /// <summary>Inputs of one session: then the register starts anew.</summary>
    private const int Life = 40;

    private const int MostUnderWay = 16;
    private const int MostAllocated = 256 * 1024;
    private const int MostAllocatedPerByte = 512;

    private static readonly DateTimeOffset Clock = DateTimeOffset.FromUnixTimeMilliseconds(0x019F_1CB1_2800).ToOffset(TimeSpan.FromHours(7));
    private static readonly byte[] Nonce = [.. Enumerable.Range(0x10, 16).Select(b => (byte)b)];

    private static int Inputs =>
        int.TryParse(Environment.GetEnvironmentVariable("INVOICING_FUZZ"), CultureInfo.InvariantCulture, out int asked) ? asked : 200_000;

    [Fact]
    public void No_frame_throws_or_takes_memory_without_bound()
    {
        byte[][] wires = [.. Vectors.Of("frames").Where(v => v.Text("from") == "gateway").Concat(Vectors.Of("bad")).Select(v => v.Hex("wire"))];
        byte[] welcome = Vectors.Named("frames", "WELCOME").Hex("wire");
        long bytes = 0;
        long frames = 0;
        long sessions = 0;
        long began = TimeProvider.System.GetTimestamp();
        Seeded.Run(Inputs / Batch, random =>
        {
            Register register = new();
            for (int i = 0; i < Batch; i++)
            {
                if (i % Life == 0)
                {
                    register = new Register();
                    frames += register.Take(welcome, random);
                    sessions += register.State.InSession ? 1 : 0;
                }

                byte[] wire = Damaged(wires[random.Next(wires.Length)], random);
                bytes += wire.Length;
                long before = GC.GetAllocatedBytesForCurrentThread();

                frames += register.Take(wire, random);

                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated <= MostAllocated + ((long)wire.Length * MostAllocatedPerByte), $"{allocated} bytes allocated for an input of {wire.Length}");
                Assert.InRange(register.State.UnderWay.Length, 0, MostUnderWay);
            }
        });

        Assert.True(frames > Inputs / 10, $"only {frames} of {Inputs} inputs held a frame: they prove little");
        Assert.True(sessions >= Inputs / Batch, $"only {sessions} sessions");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"frames, messages and session: {bytes} bytes, {TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / bytes:0} ns a byte with their making");
    }

    /// <summary>A wire that is damaged, or whose body is and whose length and checksum are right again.</summary>
    private static byte[] Damaged(byte[] wire, Random random)
    {
        byte[] body = new byte[wire.Length];
        if (random.Next(3) == 0 || wire.Length < 3 || !Cobs.TryDecode(wire.AsSpan(1..^1), body, out int length) || length < Frame.Overhead)
        {
            return ByteNoise.Mutate(wire, random);
        }

        byte[] payload = ByteNoise.Mutate(body[6..(length - 4)], random);
        byte[] made = [.. body.AsSpan(0, 6), .. payload, 0, 0, 0, 0];
        if (random.Next(8) == 0)
        {
            made[random.Next(4)] = (byte)random.Next(256);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(made.AsSpan(4), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(made.Length - 4), Crc32C.Of(made.AsSpan(0, made.Length - 4)));
        byte[] coded = new byte[Cobs.MaxCoded(made.Length) + 1];
        return [0, .. coded.AsSpan(0, Cobs.Encode(made, coded)), 0];
    }

    /// <summary>A session over a journal in memory: ten records, five of them with their result.</summary>
    private sealed class Register
    {
        private readonly FakeShelf _shelf = new() { Newest = 10 };
        private readonly FrameReader _frames = new(new DropCounters());
        private long _now = 1_000_000;

        public Register()
        {
            for (uint seq = 1; seq <= 5; seq++)
            {
                _shelf[seq] = SessionBench.Issued(seq);
            }

            Step(new SessionInput.LineUp());
        }

        public SessionState State { get; private set; } = new();

        /// <summary>Takes bytes in pieces of any length; time passes.</summary>
        /// <returns>How many frames they held.</returns>
        public int Take(byte[] wire, Random random)
        {
            int frames = 0;
            for (int at = 0; at < wire.Length;)
            {
                ReadOnlySpan<byte> part = wire.AsSpan(at, Math.Min(wire.Length - at, random.Next(1, 64)));
                at += part.Length;
                while (_frames.TryRead(ref part, out Frame frame))
                {
                    frames++;
                    Step(new SessionInput.Received(frame));
                }
            }

            _now += random.Next(50) == 0 ? random.Next(30_000) : random.Next(100);
            Step(new SessionInput.Wake());
            return frames;
        }

        private void Step(SessionInput input)
        {
            (State, IReadOnlyList<SessionEffect> effects) = RegisterSession.Step(
                State, input, new SessionContext(_now, Clock, Nonce, "SIM-0001", 1024, _shelf) { TakesLeases = true, TakesTime = true });
            foreach (SessionEffect effect in effects)
            {
                switch (effect)
                {
                    case SessionEffect.Send { Type: FrameType.Hello }:
                        Step(new SessionInput.HelloHanded());
                        break;
                    case SessionEffect.SendRecord record:
                        Step(new SessionInput.RecordHanded(record.Seq));
                        break;
                    case SessionEffect.TakeLease take:
                        _shelf.Lease = take.Lease;
                        Step(new SessionInput.LeaseStored(take.Request, take.Lease.Id, _shelf.Newest));
                        break;
                    case SessionEffect.SetMaxBody size:
                        _frames.MaxBody = size.MaxBody;
                        break;
                    case SessionEffect.Store store:
                        foreach (AckResult result in store.Results)
                        {
                            _shelf[result.Seq] = result.Result;
                        }

                        break;
                }
            }
        }
    }
}
