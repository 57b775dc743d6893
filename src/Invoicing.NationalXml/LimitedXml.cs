using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;

namespace Invoicing.NationalXml;

/// <summary>Reads XML that comes from outside: no DTD, no entities, nothing fetched, and limits on size, depth and number of elements.</summary>
internal static class LimitedXml
{
    /// <summary>Most bytes: a message is at most 2 MB (Decision 1271/QĐ-CT, Part I.IV), and what a portal stores may be written wider.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Deepest nesting: the law's forms have ten levels, a signature with its properties fifteen.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most elements: 4 MiB of the shortest ones would take a hundred times their size in memory.</summary>
    public const int MaxElements = 400_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        MaxCharactersInDocument = MaxBytes,
        IgnoreComments = true,
    };

    /// <summary>A reader over bytes that were let through by <c>Require</c>.</summary>
    public static XmlReader Open(ReadOnlyMemory<byte> bytes) => XmlReader.Create(
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false),
        Settings);

    /// <summary>Reads all of it once and keeps nothing.</summary>
    /// <exception cref="MalformedMessageException">No XML, or beyond a limit.</exception>
    public static void Require(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is 0 or > MaxBytes)
        {
            throw new MalformedMessageException("byte 0", $"1 to {MaxBytes} bytes", $"{bytes.Length}");
        }

        try
        {
            using XmlReader reader = Open(bytes);
            int elements = 0;
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth)
                {
                    throw new MalformedMessageException(Line(reader), $"at most {MaxDepth} levels", "a deeper element");
                }

                elements += reader.NodeType == XmlNodeType.Element ? 1 : 0;
                if (elements > MaxElements)
                {
                    throw new MalformedMessageException(Line(reader), $"at most {MaxElements} elements", "more");
                }
            }
        }
        catch (XmlException fault)
        {
            throw new MalformedMessageException($"line {fault.LineNumber}", "XML without a DTD", $"other text: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a message whole.</summary>
    /// <exception cref="MalformedMessageException">No XML, beyond a limit, or its root is not TDiep.</exception>
    public static XElement Load(ReadOnlyMemory<byte> bytes)
    {
        Require(bytes);
        using XmlReader reader = Open(bytes);
        var root = XElement.Load(reader);
        return root.Name.LocalName == "TDiep" ? root : throw new MalformedMessageException(root.Name.LocalName, "TDiep", $"'{root.Name.LocalName}'");
    }

    /// <summary>A child by its name, of whatever namespace: who answers may put the law's elements into one.</summary>
    public static XElement? Child(this XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    /// <summary>A child that must be there.</summary>
    /// <exception cref="MalformedMessageException">It is not.</exception>
    public static XElement Require(this XElement element, string name) =>
        element.Child(name) ?? throw new MalformedMessageException(PathOf(element), name, "none");

    /// <summary>Text of a child; empty where there is none.</summary>
    public static string Text(this XElement element, string name) => element.Child(name)?.Value.Trim() ?? string.Empty;

    /// <summary>Text of a child that must be there.</summary>
    /// <exception cref="MalformedMessageException">It is not, or it is empty.</exception>
    public static string RequireText(this XElement element, string name) => element.Text(name) is { Length: > 0 } text
        ? text
        : throw new MalformedMessageException($"{PathOf(element)}/{name}", "a text", "nothing");

    /// <summary>Where an element stands.</summary>
    public static string PathOf(XElement element) => string.Join('/', element.AncestorsAndSelf().Reverse().Select(part => part.Name.LocalName));

    private static string Line(XmlReader reader) => $"line {((IXmlLineInfo)reader).LineNumber}";
}
