using System.Text;
using FirmwareSim.Baskets;
using FirmwareSim.Printing;

namespace FirmwareSim.EscPos;

/// <summary>Puts the bytes of one print job together (§2.2).</summary>
internal sealed class JobBuilder
{
    private const byte Escape = 0x1B;
    private const byte Group = 0x1D;
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    /// <summary>ESC @: the printer forgets what was set.</summary>
    public JobBuilder Begin() => Add(Escape, (byte)'@');

    /// <summary>ESC a: 0 left, 1 middle.</summary>
    public JobBuilder Justify(byte place) => Add(Escape, (byte)'a', place);

    /// <summary>ESC E.</summary>
    public JobBuilder Bold(bool isOn) => Add(Escape, (byte)'E', (byte)(isOn ? 1 : 0));

    /// <summary>A line of text and LF.</summary>
    public JobBuilder Line(string text, Charset charset)
    {
        _bytes.AddRange(TextCoder.Encode(text, charset));
        return Add((byte)'\n');
    }

    /// <summary>GS v 0: an image of so many dots, its bytes drawn from a seed.</summary>
    /// <param name="columns">Bytes in a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="draw">Its dots.</param>
    /// <param name="inside">Bytes that lie somewhere in the image.</param>
    public JobBuilder Image(int columns, int rows, SeededDraw draw, ReadOnlySpan<byte> inside)
    {
        Add(Group, (byte)'v', (byte)'0', 0, (byte)(columns % 256), (byte)(columns / 256), (byte)(rows % 256), (byte)(rows / 256));
        byte[] dots = new byte[columns * rows];
        for (int i = 0; i < dots.Length; i++)
        {
            dots[i] = (byte)(draw.Next() & 0xFF);
        }

        inside.CopyTo(dots.AsSpan(dots.Length / 2));
        _bytes.AddRange(dots);
        return this;
    }

    /// <summary>GS ( k: model, size, error correction, store, print.</summary>
    public JobBuilder QrCode(string text)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        Add(Group, (byte)'(', (byte)'k', 4, 0, 0x31, 0x41, 0x32, 0).Add(Group, (byte)'(', (byte)'k', 3, 0, 0x31, 0x43, 6).Add(Group, (byte)'(', (byte)'k', 3, 0, 0x31, 0x45, 0x31);
        int length = data.Length + 3;
        Add(Group, (byte)'(', (byte)'k', (byte)(length % 256), (byte)(length / 256), 0x31, 0x50, 0x30);
        _bytes.AddRange(data);
        return Add(Group, (byte)'(', (byte)'k', 3, 0, 0x31, 0x51, 0x30);
    }

    /// <summary>ESC p: opens the drawer.</summary>
    public JobBuilder Drawer() => Add(Escape, (byte)'p', 0, 25, 250);

    /// <summary>Feeds and cuts: GS V B 0, or ESC d and GS V 1.</summary>
    public JobBuilder Cut(bool withFeed) =>
        withFeed ? Add(Group, (byte)'V', (byte)'B', 0) : Add(Escape, (byte)'d', 4).Add(Group, (byte)'V', 1);

    private JobBuilder Add(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
