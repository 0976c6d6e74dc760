using Mono.Cecil;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>Takes references apart into the types and members they name.</summary>
internal sealed class UseCollector
{
    private readonly HashSet<Use> _found = [];

    /// <summary>What was found so far.</summary>
    public IReadOnlyCollection<Use> Found => _found;

    /// <summary>The member being read.</summary>
    public string Where { get; set; } = "";

    /// <summary>Adds a type, with its arguments and elements.</summary>
    public void Add(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                break;
            case GenericInstanceType generic:
                Add(generic.ElementType);
                foreach (var argument in generic.GenericArguments)
                    Add(argument);
                break;
            case FunctionPointerType pointer:
                AddSignature(pointer);
                break;
            case TypeSpecification wrapped:
                Add(wrapped.ElementType);
                break;
            default:
                Add(type, member: null);
                break;
        }
    }

    /// <summary>Adds a method, its type, its generic arguments and its signature.</summary>
    public void Add(MethodReference method)
    {
        Add(method.DeclaringType);
        AddMember(method);
        AddSignature(method);
        if (method is GenericInstanceMethod generic)
        {
            foreach (var argument in generic.GenericArguments)
                Add(argument);
        }
    }

    /// <summary>Adds a field, its owner and its type.</summary>
    public void Add(FieldReference field)
    {
        Add(field.DeclaringType);
        AddMember(field);
        Add(field.FieldType);
    }

    /// <summary>Adds what is returned and what is taken.</summary>
    public void AddSignature(IMethodSignature signature)
    {
        Add(signature.ReturnType);
        foreach (var parameter in signature.Parameters)
            Add(parameter.ParameterType);
    }

    private void AddMember(MemberReference member)
    {
        var owner = member.DeclaringType.GetElementType();
        Add(owner, $"{owner.FullName}::{member.Name}");
    }

    private void Add(TypeReference type, string? member)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } outer)
            outermost = outer;
        _found.Add(new Use(outermost.Namespace, outermost.FullName, member, Where));
    }
}
