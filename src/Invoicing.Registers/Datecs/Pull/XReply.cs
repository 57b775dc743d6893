using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>A reply of an X register: <c>{ErrorCode}\t</c> and fields, each ended by a tab.</summary>
/// <param name="Error">0, or what went wrong.</param>
/// <param name="Fields">The fields behind it.</param>
internal sealed record XReply(int Error, ImmutableArray<string> Fields)
{
    /// <summary>There are no more lines or rows.</summary>
    public const int NoMore = -100003;

    /// <summary>There is no such element.</summary>
    public const int NoElement = -100004;

    /// <summary>There is nothing in the range.</summary>
    public const int NothingFound = -100005;

    /// <summary>Whether it says that there is nothing, as against something wrong.</summary>
    public bool IsNothing => Error is NoMore or NoElement or NothingFound;

    /// <summary>Reads a reply.</summary>
    /// <exception cref="RegisterTroubleException">It does not begin with a number.</exception>
    public static XReply Read(IslFrame frame, Encoding encoding, string line)
    {
        string text = encoding.GetString(frame.Data.Span);
        string[] parts = (text.EndsWith('\t') ? text[..^1] : text).Split('\t');
        return int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int error)
            ? new(error, [.. parts.Skip(1)])
            : throw new RegisterTroubleException(
                $"{line}: expected an error code before the data of command {frame.Command}, found '{DatecsAmount.Shown(text)}'; this register does not speak the X dialect");
    }
}
