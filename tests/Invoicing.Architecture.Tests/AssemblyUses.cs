using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Invoicing.Architecture.Tests;

/// <summary>
/// Which types of an assembly use which others of it, read from what was compiled: bases, fields, signatures, locals, attributes, and every
/// instruction. Nested and compiler-made types count as the type that encloses them. Constants leave no trace in instructions, so source is
/// judged besides (see <see cref="FolderArrowTests"/>).
/// </summary>
internal sealed class AssemblyUses : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public AssemblyUses(string path)
    {
        _file = new(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    /// <summary>Uses between outermost types, by full name; never of a type of itself.</summary>
    public IEnumerable<(string From, string To)> Uses() => _reader.TypeDefinitions
        .SelectMany(handle => Walk(handle).Types.Select(used => (From: Outermost(handle), To: Outermost(used))))
        .Where(use => use.From != use.To)
        .Distinct();

    /// <summary>Types that calculate in floating point: in fields, signatures, locals, constants, conversions or calls.</summary>
    public IEnumerable<string> FloatingPoint() => _reader.TypeDefinitions
        .Where(handle => Walk(handle).Primitives.Overlaps([PrimitiveTypeCode.Single, PrimitiveTypeCode.Double]))
        .Select(Outermost)
        .Distinct();

    public void Dispose() => _file.Dispose();

    private SignatureWalk Walk(TypeDefinitionHandle handle)
    {
        SignatureWalk walk = new();
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        See(type.BaseType, walk);
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            See(_reader.GetInterfaceImplementation(implemented).Interface, walk);
        }

        SeeParameters(type.GetGenericParameters(), walk);
        SeeAttributes(type.GetCustomAttributes(), walk);
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            See(field, walk);
            SeeAttributes(_reader.GetFieldDefinition(field).GetCustomAttributes(), walk);
        }

        foreach (PropertyDefinitionHandle property in type.GetProperties())
        {
            SeeAttributes(_reader.GetPropertyDefinition(property).GetCustomAttributes(), walk);
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            SeeMethod(_reader.GetMethodDefinition(method), walk);
        }

        return walk;
    }

    private void SeeMethod(MethodDefinition method, SignatureWalk walk)
    {
        method.DecodeSignature(walk, default);
        SeeParameters(method.GetGenericParameters(), walk);
        SeeAttributes(method.GetCustomAttributes(), walk);
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(walk, default);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            See(region.CatchType, walk);
        }

        foreach ((OpCode code, int token) in IlReader.Read(body.GetILReader()))
        {
            if (token != 0)
            {
                See((EntityHandle)MetadataTokens.Handle(token), walk);
            }

            if (code == OpCodes.Ldc_R4 || code == OpCodes.Ldc_R8 || code == OpCodes.Conv_R4 || code == OpCodes.Conv_R8 || code == OpCodes.Conv_R_Un)
            {
                walk.Primitives.Add(PrimitiveTypeCode.Double);
            }
        }
    }

    private void See(EntityHandle handle, SignatureWalk walk)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                walk.Types.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(walk, default);
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = _reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                walk.Types.Add(field.GetDeclaringType());
                field.DecodeSignature(walk, default);
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = _reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                walk.Types.Add(method.GetDeclaringType());
                method.DecodeSignature(walk, default);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)handle);
                See(member.Parent, walk);
                _ = member.GetKind() == MemberReferenceKind.Field
                    ? member.DecodeFieldSignature(walk, default)
                    : member.DecodeMethodSignature(walk, default).ReturnType;
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification made = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                See(made.Method, walk);
                made.DecodeSignature(walk, default);
                break;
            case HandleKind.StandaloneSignature:
                _reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(walk, default);
                break;
            default:
                break;
        }
    }

    private void SeeAttributes(CustomAttributeHandleCollection attributes, SignatureWalk walk)
    {
        foreach (CustomAttributeHandle attribute in attributes)
        {
            See(_reader.GetCustomAttribute(attribute).Constructor, walk);
        }
    }

    private void SeeParameters(GenericParameterHandleCollection parameters, SignatureWalk walk)
    {
        foreach (GenericParameterConstraintHandle constraint in parameters.SelectMany(p => _reader.GetGenericParameter(p).GetConstraints()))
        {
            See(_reader.GetGenericParameterConstraint(constraint).Type, walk);
        }
    }

    private string Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _reader.GetTypeDefinition(type.GetDeclaringType());
        }

        string space = _reader.GetString(type.Namespace);
        string name = _reader.GetString(type.Name);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
