using System.Globalization;
using System.Text;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>A variant with its answer prepared. Immutable once its snapshot is; the same object for every evaluation that serves it.</summary>
public sealed class CompiledVariant
{
    private readonly byte[] _value;

    internal CompiledVariant(string key, int index, FlagType type, byte[] value, AttributeValue scalar)
    {
        Key = key;
        Index = index;
        Type = type;
        Scalar = scalar;
        _value = value;
        ValueUtf8 = value;
    }

    /// <summary>The variant's key.</summary>
    public string Key { get; }

    /// <summary>The value as JSON text in UTF-8, without white space.</summary>
    public ReadOnlyMemory<byte> ValueUtf8 { get; private set; }

    /// <summary>
    /// What every answer with this variant begins with, as UTF-8, up to the first metadata that the variant does not decide:
    /// <c>{"key":…,"variant":…,"value":…,"metadata":{"revision":…</c>
    /// </summary>
    public ReadOnlyMemory<byte> AnswerUtf8 { get; private set; }

    /// <summary>The value's type.</summary>
    public FlagType Type { get; }

    /// <summary>The position among the flag's variants.</summary>
    internal int Index { get; }

    /// <summary>The variant's place among all of its snapshot, from 1.</summary>
    internal int Slot { get; set; }

    /// <summary>The value of a boolean, string or number.</summary>
    internal AttributeValue Scalar { get; }

    /// <summary>Prepares the answer, of which the value is then a part, so that its bytes are held once.</summary>
    internal void Prepare(CompiledFlag flag)
    {
        var front = $$"""{"key":{{FlagValue.Of(flag.Key)}},"variant":{{FlagValue.Of(Key)}},"value":""";
        var back = string.Create(CultureInfo.InvariantCulture, $$""","metadata":{"revision":{{flag.Revision}}""");
        byte[] answer = [.. Encoding.UTF8.GetBytes(front), .. _value, .. Encoding.UTF8.GetBytes(back)];
        AnswerUtf8 = answer;
        ValueUtf8 = answer.AsMemory(Encoding.UTF8.GetByteCount(front), _value.Length);
    }
}
