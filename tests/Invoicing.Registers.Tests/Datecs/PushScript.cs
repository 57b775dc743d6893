using System.Globalization;
using System.Text;
using Invoicing.Registers.Datecs.Push;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>What a register pushes, message by message, with counters that go on.</summary>
internal sealed class PushScript
{
    private int _counter = 1000;
    private int _cycle;

    internal static string Paid(int type, ulong number, int place, long amount = 33000, int day = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"{type};1;{number};0;0;{number};{day};0;{amount};{amount};{amount};0;0;0;0;0;0;0;0;{place}");

    /// <summary>2 × 15,000; 20,000 less 1,500; one of the first taken back; less 500: 33,000, part in cash and part by card.</summary>
    internal byte[][] Receipt(ulong number, int day = 1) =>
    [
        Event(0x80, $"101;15000;2;0;;{number};1"),
        Event(0x80, $"102;20000;1;0;;{number};2"),
        Event(0x86, $"2;1500;1500;;;{number};3"),
        Event(0x80, $"101;15000;-1;0;;{number};4"),
        Event(0x86, $"3;500;500;;;{number};5"),
        Event(0x88, Paid(0, number, 6, 13000, day)),
        Event(0x88, Paid(3, number, 7, 20000, day)),
        Event(0x92, Paid(15, number, 8, 33000, day)),
    ];

    internal byte[] Event(byte operation, string fields)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"123456;{_cycle++ % 10};{fields};{++_counter};");
        return new PushPacket(1, operation, 1, 0, Encoding.ASCII.GetBytes(text)).ToBytes();
    }

    /// <summary>Takes apart what comes in such pieces.</summary>
    internal static List<PushPacket> Decode(PushDecoder decoder, params byte[][] chunks)
    {
        List<PushPacket> packets = [];
        foreach (byte[] chunk in chunks)
        {
            ReadOnlySpan<byte> input = chunk;
            while (decoder.TryRead(ref input, out PushPacket? packet))
            {
                packets.Add(packet!);
            }
        }

        return packets;
    }
}
