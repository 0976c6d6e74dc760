using System.Runtime.CompilerServices;

namespace Halyard.Evaluation;

/// <summary>The way to an attribute, split and hashed beforehand. An attribute literally named with the dots wins over nesting.</summary>
internal sealed class AttributePath
{
    public const string TargetingKey = "targetingKey";

    private readonly int _hash;
    private readonly (string Name, int Hash)[] _parts;

    public AttributePath(string name)
    {
        _hash = AttributeObject.Hash(name);
        Name = NamePool.Share(name, _hash);
        var parts = name.Split('.');
        _parts =
            parts.Length == 1 || Array.Exists(parts, string.IsNullOrEmpty)
                ? []
                : Array.ConvertAll(parts, part => (NamePool.Share(part, AttributeObject.Hash(part)), AttributeObject.Hash(part)));
    }

    public string Name { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly AttributeValue Resolve(EvaluationContext context)
    {
        ref readonly var literal = ref context.Attributes.Find(Name, _hash);
        if (literal.Kind == AttributeKind.Missing && _parts.Length > 0)
            return ref Nested(context);
        return ref literal;
    }

    private ref readonly AttributeValue Nested(EvaluationContext context)
    {
        var members = context.Attributes;
        for (var i = 0; ; i++)
        {
            ref readonly var value = ref members.Find(_parts[i].Name, _parts[i].Hash);
            if (i == _parts.Length - 1)
                return ref value;
            if (value.Kind != AttributeKind.Object)
                return ref AttributeObject.None;
            members = value.Members;
        }
    }
}
