using System.Text.Json;
using FirmwareSim.Datecs;

namespace FirmwareSim.Tests.Datecs;

public sealed class DatecsVectorTests
{
    public static TheoryData<string> Frames => Named(item => item.TryGetProperty("command", out _));

    public static TheoryData<string> Packets => Named(item => item.Text("dialect") == "push");

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_is_written_byte_for_byte(string name)
    {
        JsonElement vector = Find(name);
        JsonElement means = vector.GetProperty("means");
        IslDialect dialect = means.Text("dialect") == "x" ? IslDialect.X : IslDialect.Legacy;
        byte[] data = DatecsText.Cyrillic.GetBytes(means.Text("data"));
        byte sequence = means.GetProperty("sequence").GetByte();
        int command = means.GetProperty("command").GetInt32();
        byte[] lead = means.TryGetProperty("lead", out JsonElement before) ? Convert.FromHexString(before.GetString()!) : [];

        byte[] wire = means.TryGetProperty("status", out JsonElement status)
            ? IslFrames.Reply(dialect, sequence, command, data, Convert.FromHexString(status.GetString()!))
            : IslFrames.Request(dialect, sequence, command, data);

        Assert.Equal(vector.Text("wire"), Convert.ToHexString([.. lead, .. wire]));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_request_is_read_whatever_the_pieces(string name)
    {
        JsonElement vector = Find(name);
        JsonElement means = vector.GetProperty("means");
        if (means.Text("direction") != "request")
        {
            return;
        }

        byte[] wire = vector.Hex("wire");
        for (int piece = 1; piece <= wire.Length; piece++)
        {
            IslRequestReader reader = new(means.Text("dialect") == "x" ? IslDialect.X : IslDialect.Legacy);
            List<IslRequest> found = [];
            foreach (byte[] part in wire.Chunk(piece))
            {
                found.AddRange(reader.Push(part));
            }

            IslRequest request = Assert.Single(found);
            Assert.True(request.IsGood);
            Assert.Equal(means.GetProperty("sequence").GetByte(), request.Sequence);
            Assert.Equal(means.GetProperty("command").GetInt32(), request.Command);
            Assert.Equal(means.Text("data"), DatecsText.Cyrillic.GetString(request.Data));
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_flipped_bit_is_seen(string name)
    {
        JsonElement vector = Find(name);
        JsonElement means = vector.GetProperty("means");
        if (means.Text("direction") != "request")
        {
            return;
        }

        byte[] wire = vector.Hex("wire");
        int header = means.Text("dialect") == "x" ? 5 : 2;
        for (int bit = header * 8; bit < (wire.Length - 1) * 8; bit++)
        {
            byte[] hit = [.. wire];
            hit[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.DoesNotContain(new IslRequestReader(header == 5 ? IslDialect.X : IslDialect.Legacy).Push(hit), request => request.IsGood);
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_push_packet_is_written_and_read(string name)
    {
        JsonElement vector = Find(name);
        JsonElement means = vector.GetProperty("means");
        PushPacket packet = new(
            means.GetProperty("set").GetByte(), means.GetProperty("operation").GetByte(), means.GetProperty("log").GetByte(),
            means.GetProperty("error").GetByte(), means.Text("data"));

        Assert.Equal(vector.Text("wire"), Convert.ToHexString(packet.ToBytes()));
        Assert.Equal((packet, packet.ToBytes().Length), PushPacket.Read([.. packet.ToBytes(), 0x27]));
        Assert.Null(PushPacket.Read(packet.ToBytes().AsSpan(0, packet.ToBytes().Length - 1)));
    }

    private static TheoryData<string> Named(Func<JsonElement, bool> isWanted) =>
        [.. All().Where(item => isWanted(item.GetProperty("means"))).Select(item => item.Text("name"))];

    private static JsonElement Find(string name) => All().Single(item => item.Text("name") == name);

    private static JsonElement.ArrayEnumerator All() =>
        JsonDocument.Parse(File.ReadAllBytes(Vectors.Find("vectors/datecs/vectors.json"))).RootElement.EnumerateArray();
}
