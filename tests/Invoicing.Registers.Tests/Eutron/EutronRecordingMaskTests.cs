using System.Text;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Framing;

namespace Invoicing.Registers.Tests.Eutron;

public sealed class EutronRecordingMaskTests
{
    private const string Card = "CARD 9704 1234 5678 9012 THUY  "; // 31 bytes behind FunN of INSERTCARD
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static byte[] InsertCard => [17, .. Encoding.ASCII.GetBytes(Card)];

    private static byte[] Lock => [8, 1];

    [Fact]
    public void A_customers_card_is_masked_and_its_frame_gets_a_new_check()
    {
        byte[] sent = [EutronFrame.Start, .. EutronFrame.Encode([0, .. InsertCard]), EutronFrame.Ack, EutronFrame.Start, .. EutronFrame.Encode([0, .. Lock])];

        byte[] masked = Mask(isTcp: false, sent);

        Assert.Equal(sent.Length, masked.Length);
        Assert.DoesNotContain("9704", Encoding.Latin1.GetString(masked), StringComparison.Ordinal);
        Assert.DoesNotContain("THUY", Encoding.Latin1.GetString(masked), StringComparison.Ordinal);
        int end = 1 + InsertCard.Length + 3;
        Assert.Equal(sent[..4], masked[..4]); // 01, LEN, filler, FunN
        Assert.Equal(0, EutronFrame.Check(masked.AsSpan(1, end - 1)));
        Assert.Equal(sent[end..], masked[end..]);
        Assert.Equal(masked, Mask(isTcp: false, sent)); // the same card is the same mask
    }

    [Fact]
    public void What_is_nobodys_passes_at_the_moment_at_which_it_runs()
    {
        byte[] sent =
        [
            EutronFrame.Ack, EutronFrame.Nak, 0x33, EutronFrame.Start, .. EutronFrame.Encode([0, .. Lock]), EutronFrame.Start, .. EutronFrame.Encode([0, 3, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36]),
            EutronFrame.Start, 0, EutronFrame.Start, 254, EutronFrame.Ack,
        ];
        EutronRecordingMask mask = new(Key, isTcp: false);

        Assert.All(sent, value => Assert.Equal([value], mask.Take([value])));
        Assert.Empty(mask.Finish());
    }

    [Fact]
    public void Of_a_card_that_was_cut_off_nothing_is_told()
    {
        byte[] sent = [EutronFrame.Start, .. EutronFrame.Encode([0, .. InsertCard])];

        byte[] masked = Mask(isTcp: false, sent[..20]);

        Assert.Equal(20, masked.Length);
        Assert.DoesNotContain("9704", Encoding.Latin1.GetString(masked), StringComparison.Ordinal);
    }

    [Fact]
    public void Cards_in_packets_are_masked_between_records_that_pass()
    {
        byte[] packet = new TcpPacket((byte)'F', 7, (byte[])[.. Lock, .. InsertCard, .. Lock]).ToWire();
        byte[] table = new TcpPacket((byte)'D', 8, InsertCard).ToWire(); // letters of goods' names may look like a record

        byte[] masked = Mask(isTcp: true, [.. packet, .. table]);

        Assert.DoesNotContain("9704", Encoding.Latin1.GetString(masked[..packet.Length]), StringComparison.Ordinal);
        Assert.Equal(packet[..(TcpPacket.HeaderLength + 3)], masked[..(TcpPacket.HeaderLength + 3)]);
        Assert.Equal(packet[^2..], masked[(packet.Length - 2)..packet.Length]);
        Assert.Equal(table, masked[packet.Length..]);
    }

    private static byte[] Mask(bool isTcp, byte[] sent)
    {
        EutronRecordingMask mask = new(Key, isTcp);
        return [.. sent.SelectMany(value => mask.Take([value])), .. mask.Finish()];
    }
}
