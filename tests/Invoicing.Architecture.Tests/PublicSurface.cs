using System.Reflection;
using System.Runtime.CompilerServices;

namespace Invoicing.Architecture.Tests;

/// <summary>Writes out what an assembly promises to others: one line for each public type and member, in an order of its own.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["Char"] = "char",
        ["Decimal"] = "decimal",
        ["Double"] = "double",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["Object"] = "object",
        ["String"] = "string",
        ["UInt32"] = "uint",
        ["UInt64"] = "ulong",
        ["Void"] = "void",
    };

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines)];

    /// <summary>Public types; the web SDK makes a program's own class public by itself, for tests that host it.</summary>
    public static int CountTypes(Assembly assembly) =>
        assembly.GetExportedTypes().Count(type => !type.IsNested && !IsMade(type) && type.FullName != "Program");

    private static IEnumerable<string> Lines(Type type)
    {
        if (IsMade(type))
        {
            return [];
        }

        string[] bases = type.IsEnum ? [] : [.. new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)).Concat(type.GetInterfaces()).Select(Name).Order(StringComparer.Ordinal)];
        string head = $"{Kind(type)} {type.Namespace}.{Name(type)}{(bases.Length == 0 ? string.Empty : " : " + string.Join(", ", bases))}";
        IEnumerable<string> members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}")
            : type.GetMembers(Declared).Where(member => !IsMade(member)).Select(Member).OfType<string>().Order(StringComparer.Ordinal);
        return [head, .. members.Select(member => "    " + member)];
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string? Member(MemberInfo member) => member switch
    {
        FieldInfo field when IsSeen(field.IsPublic, field.IsFamily || field.IsFamilyOrAssembly, field.DeclaringType!) =>
            $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)}{Nullable(new NullabilityInfoContext().Create(field))} {field.Name}{(field.IsLiteral ? $" = {Value(field.GetRawConstantValue())}" : "")}",
        ConstructorInfo made when IsSeen(made) => $"new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when IsSeen(method) =>
            $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)}{Nullable(new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}{Generic(method)}({Parameters(method)})",
        MethodInfo { IsStatic: true } method when IsSeen(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) =>
            $"static {Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsSeen) =>
            $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(property.PropertyType)}{Nullable(new NullabilityInfoContext().Create(property))} {property.Name} {{ {string.Join(" ", Accessors(property))} }}",
        EventInfo happened when happened.AddMethod is MethodInfo add && IsSeen(add) => $"event {Name(happened.EventHandlerType!)} {happened.Name}",
        _ => null,
    };

    private static IEnumerable<string> Accessors(PropertyInfo property)
    {
        if (property.GetMethod is MethodInfo get && IsSeen(get))
        {
            yield return "get;";
        }

        if (property.SetMethod is MethodInfo set && IsSeen(set))
        {
            bool isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            yield return (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "") + (isInit ? "init;" : "set;");
        }
    }

    private static bool IsSeen(MethodBase method) => IsSeen(method.IsPublic, method.IsFamily || method.IsFamilyOrAssembly, method.DeclaringType!);

    private static bool IsSeen(bool isPublic, bool isFamily, Type type) => isPublic || (isFamily && !type.IsSealed);

    // Members that the compiler makes for records say nothing that the record's own members do not; accessors stand with their property.
    private static bool IsMade(MemberInfo member) => member is not PropertyInfo && member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")}{Name(parameter.ParameterType)}{Nullable(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "")}"));

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static string Nullable(NullabilityInfo info) => !info.Type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (System.Nullable.GetUnderlyingType(type) is Type inner)
        {
            return $"{Name(inner)}?";
        }

        string name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : Keywords.GetValueOrDefault(type.Name, type.Name);
        name = name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
