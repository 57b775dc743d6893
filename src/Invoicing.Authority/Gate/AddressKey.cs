using System.Net;
using System.Net.Sockets;

namespace Invoicing.Authority.Gate;

/// <summary>What counts as one address: an IPv4 address, or the 64 bits of an IPv6 network that one subscriber has all of.</summary>
/// <param name="Network">The bits that count.</param>
internal readonly record struct AddressKey(UInt128 Network)
{
    /// <summary>The key of an address; of anything that is no IP address, one key for all.</summary>
    public static AddressKey Of(EndPoint? remote)
    {
        if ((remote as IPEndPoint)?.Address is not { } address)
        {
            return default;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            bytes[8..].Clear();
        }

        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>The address, or the network with its length.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Network);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : $"{address}/64";
    }
}
