using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>A variant with its answer prepared. Immutable; the same object for every evaluation that serves it.</summary>
public sealed class CompiledVariant
{
    internal CompiledVariant(string key, int index, FlagType type, byte[] value, AttributeValue scalar)
    {
        Key = key;
        Index = index;
        Type = type;
        Scalar = scalar;
        KeyUtf8 = System.Text.Encoding.UTF8.GetBytes(FlagValue.Of(key).Json);
        ValueUtf8 = value;
    }

    /// <summary>The variant's key.</summary>
    public string Key { get; }

    /// <summary>The key as JSON text in UTF-8, quotes included.</summary>
    public ReadOnlyMemory<byte> KeyUtf8 { get; }

    /// <summary>The value as JSON text in UTF-8, without white space.</summary>
    public ReadOnlyMemory<byte> ValueUtf8 { get; }

    /// <summary>The value's type.</summary>
    public FlagType Type { get; }

    /// <summary>The position among the flag's variants.</summary>
    internal int Index { get; }

    /// <summary>The value of a boolean, string or number.</summary>
    internal AttributeValue Scalar { get; }
}
