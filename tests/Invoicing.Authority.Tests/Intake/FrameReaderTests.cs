using Google.Protobuf;
using Invoicing.Authority.Intake;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Tests.Intake;

public sealed class FrameReaderTests
{
    [Fact]
    public void A_batch_is_read_as_the_generated_parser_reads_it()
    {
        var batch = new Batch();
        for (int i = 0; i < 5; i++)
        {
            var entry = new SubmittedEntry { Body = ByteString.CopyFrom(new byte[100 + i]), Signature = ByteString.CopyFrom([.. Enumerable.Repeat((byte)i, 64)]) };
            entry.Attachments.Add(new Attachment { Salt = ByteString.CopyFrom(new byte[16]), Content = ByteString.CopyFromUtf8($"content {i}") });
            batch.Entries.Add(entry);
        }

        IntakeFrame.Run run = Assert.IsType<IntakeFrame.Run>(FrameReader.Read(new IntakeRequest { Batch = batch }.ToByteArray()));
        Assert.Equal(batch.Entries.Sum(e => e.Body.Length), run.Bytes);
        Assert.All(batch.Entries.Zip(run.Entries), pair =>
        {
            Assert.True(pair.First.Body.Span.SequenceEqual(pair.Second.Entry.Body.Span));
            Assert.Equal(pair.First.Signature.ToByteArray(), pair.Second.Entry.Signature.ToArray());
            Assert.True(pair.First.Attachments[0].Content.Span.SequenceEqual(pair.Second.Attachments[0].Content.Span));
            Assert.True(pair.First.Attachments[0].Salt.Span.SequenceEqual(pair.Second.Attachments[0].Salt.Span));
        });
    }

    [Fact]
    public void A_hello_is_read_and_fields_of_the_future_are_skipped()
    {
        var hello = new Hello { Protocol = 1, Software = "x" };
        byte[] known = new IntakeRequest { Hello = hello }.ToByteArray();
        byte[] future = [.. known, 0x98, 0x06, 0x01, 0xA2, 0x06, 0x02, 0x00, 0x00, 0xA9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xB5, 0x06, 1, 2, 3, 4];

        Assert.Equal(hello, Assert.IsType<IntakeFrame.Greeting>(FrameReader.Read(future)).Message);
        Assert.Equal(hello, IntakeRequest.Parser.ParseFrom(future).Hello);
    }

    [Theory]
    [InlineData("")] // nothing
    [InlineData("12FFFFFFFFFFFFFFFFFF01")] // a batch of 2^64 - 1 bytes
    [InlineData("12FFFFFFFF0F")] // a batch of 4 GiB
    [InlineData("1205")] // five bytes promised, none there
    [InlineData("12030AFF7F")] // an entry longer than its batch
    [InlineData("12050A030AFF01")] // a body longer than its entry
    [InlineData("12070A051A03")] // an attachment cut off
    [InlineData("0AFF")] // a length cut off
    [InlineData("00")] // field 0
    [InlineData("13")] // a group
    public void Lengths_that_lie_are_unreadable_and_never_believed(string hex) =>
        Assert.IsType<IntakeFrame.Unreadable>(FrameReader.Read(Convert.FromHexString(hex)));

    [Fact]
    public void Bytes_cut_off_or_flipped_anywhere_never_throw()
    {
        var batch = new Batch();
        batch.Entries.Add(new SubmittedEntry { Body = ByteString.CopyFrom(new byte[20]), Signature = ByteString.CopyFrom(new byte[64]) });
        byte[] message = new IntakeRequest { Batch = batch }.ToByteArray();
        for (int at = 0; at < message.Length; at++)
        {
            FrameReader.Read(message.AsMemory(0, at));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. message];
                flipped[at] ^= (byte)(1 << bit);
                FrameReader.Read(flipped);
            }
        }
    }
}
