using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Invoicing.Architecture.Tests;

/// <summary>Collects what signatures are made of: types of the same assembly, and primitives.</summary>
internal sealed class SignatureWalk : ISignatureTypeProvider<SignatureWalk.Nothing, SignatureWalk.Nothing>
{
    public HashSet<TypeDefinitionHandle> Types { get; } = [];

    public HashSet<PrimitiveTypeCode> Primitives { get; } = [];

    public Nothing GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        Types.Add(handle);
        return default;
    }

    public Nothing GetPrimitiveType(PrimitiveTypeCode typeCode)
    {
        Primitives.Add(typeCode);
        return default;
    }

    public Nothing GetTypeFromSpecification(MetadataReader reader, Nothing genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, default);

    public Nothing GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => default;

    public Nothing GetArrayType(Nothing elementType, ArrayShape shape) => default;

    public Nothing GetByReferenceType(Nothing elementType) => default;

    public Nothing GetFunctionPointerType(MethodSignature<Nothing> signature) => default;

    public Nothing GetGenericInstantiation(Nothing genericType, ImmutableArray<Nothing> typeArguments) => default;

    public Nothing GetGenericMethodParameter(Nothing genericContext, int index) => default;

    public Nothing GetGenericTypeParameter(Nothing genericContext, int index) => default;

    public Nothing GetModifiedType(Nothing modifier, Nothing unmodifiedType, bool isRequired) => default;

    public Nothing GetPinnedType(Nothing elementType) => default;

    public Nothing GetPointerType(Nothing elementType) => default;

    public Nothing GetSZArrayType(Nothing elementType) => default;

    internal readonly record struct Nothing;
}
