using System.Security.Cryptography;

namespace Invoicing.NationalXml.Messages;

/// <summary>Ids of messages (MTDiep): the sender and 32 upper-case hexadecimal digits of a UUID of version 4.</summary>
/// <remarks>Source: Decision 1271/QĐ-CT, Part I.IV.5: unique in all systems, made by who sends.</remarks>
internal static class MessageIdentity
{
    private const int UuidLength = 16;

    /// <summary>Makes an id.</summary>
    /// <param name="sender">MNGui.</param>
    /// <param name="randomness">Where its 122 random bits come from.</param>
    public static string Create(string sender, RandomNumberGenerator randomness)
    {
        Span<byte> uuid = stackalloc byte[UuidLength];
        randomness.GetBytes(uuid);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x40); // version 4
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80); // variant of RFC 9562
        return sender + Convert.ToHexString(uuid);
    }
}
