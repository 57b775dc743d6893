using System.Globalization;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace Invoicing.Architecture.Tests;

/// <summary>Every field, enum value and method of the wire, one line each: <c>message.field = number : type</c>.</summary>
internal static class ProtoListing
{
    public static IReadOnlyList<FileDescriptor> Files { get; } =
    [
        .. new[] { "Invoicing", "Invoicing.Wire" }.SelectMany(name => Product.Named(name).Load().GetTypes())
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(property => property?.PropertyType == typeof(FileDescriptor))
            .Select(property => (FileDescriptor)property!.GetValue(null)!)
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> Lines() =>
    [
        .. Files.SelectMany(file => file.MessageTypes.SelectMany(Message).Concat(file.EnumTypes.SelectMany(Enum)).Concat(file.Services.SelectMany(Service)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What in <paramref name="current"/> breaks the promise of <paramref name="frozen"/>: lines gone or changed, numbers not rising.</summary>
    public static IEnumerable<string> Breaks(IReadOnlyCollection<string> frozen, IReadOnlyCollection<string> current)
    {
        foreach (string line in frozen.Except(current))
        {
            yield return $"gone or changed: {line}";
        }

        var highest = frozen.GroupBy(Owner).ToDictionary(owner => owner.Key, owner => owner.Max(Number), StringComparer.Ordinal);
        foreach (string line in current.Except(frozen))
        {
            if (highest.TryGetValue(Owner(line), out long most) && Number(line) <= most)
            {
                yield return $"not above {most}, the highest number of {Owner(line)}: {line}";
            }
        }
    }

    private static IEnumerable<string> Message(MessageDescriptor message) => message.Fields.InDeclarationOrder()
        .Select(field => $"{message.FullName}.{field.Name} = {field.FieldNumber} : {Label(field)}{Type(field)}")
        .Concat(message.NestedTypes.SelectMany(Message))
        .Concat(message.EnumTypes.SelectMany(Enum));

    private static IEnumerable<string> Enum(EnumDescriptor values) =>
        values.Values.Select(value => $"{values.FullName}.{value.Name} = {value.Number} : value");

    // Methods have no numbers: they are matched by name.
    private static IEnumerable<string> Service(ServiceDescriptor service) => service.Methods.Select(method =>
        $"{service.FullName}.{method.Name} = 0 : {(method.IsClientStreaming ? "stream " : "")}{method.InputType.FullName} -> {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.FullName}");

    private static string Label(FieldDescriptor field) => field.IsRepeated ? "repeated "
        : field.RealContainingOneof is OneofDescriptor one ? $"oneof {one.Name} "
        : field.HasPresence && field.FieldType is not FieldType.Message ? "optional " : string.Empty;

    private static string Type(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        FieldType other => other.ToString().ToLowerInvariant(),
    };

    private static string Owner(string line) => line[..line[..line.IndexOf(" = ", StringComparison.Ordinal)].LastIndexOf('.')];

    private static long Number(string line)
    {
        string type = line[(line.IndexOf(" = ", StringComparison.Ordinal) + 3)..];
        string number = type[..type.IndexOf(' ', StringComparison.Ordinal)];
        return type.Contains("->", StringComparison.Ordinal) ? long.MaxValue : long.Parse(number, CultureInfo.InvariantCulture);
    }
}
