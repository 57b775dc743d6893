using Grpc.Core;

namespace Grpc.Shared;

/// <summary>Values of "-bin" headers: base64, padded or not, several of them joined by commas.</summary>
internal static class BinaryText
{
    /// <summary>Adds each value of a header.</summary>
    /// <exception cref="FormatException">Not base64.</exception>
    public static void AddTo(Metadata metadata, string key, string value)
    {
        foreach (string one in value.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(key, Convert.FromBase64String(one.PadRight((one.Length + 3) / 4 * 4, '=')));
        }
    }
}
