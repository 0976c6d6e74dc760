using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Halyard.Evaluation;

/// <summary>
/// Whom a flag is evaluated for: a targeting key and attributes. Immutable; build it once and evaluate many flags with it.
/// Conditions see the targeting key as the attribute <c>targetingKey</c>.
/// </summary>
public sealed class EvaluationContext
{
    /// <summary>The largest context read from JSON, in UTF-8 bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>How many members the objects of a context may have together.</summary>
    public const int MaxAttributes = 1_000;

    /// <summary>How deep the objects and lists of a context may nest; the context itself is the first level.</summary>
    public const int MaxDepth = 32;

    private readonly byte[] _targetingKeyUtf8;

    internal EvaluationContext(string? targetingKey, AttributeObject attributes)
    {
        TargetingKey = targetingKey;
        _targetingKeyUtf8 = targetingKey is null ? [] : Encoding.UTF8.GetBytes(targetingKey);
        Attributes = attributes;
    }

    /// <summary>A context that says nothing.</summary>
    public static EvaluationContext Empty { get; } = new(null, AttributeObject.Empty);

    /// <summary>Identifies the user; null where the context has none, which is not the same as empty.</summary>
    public string? TargetingKey { get; }

    internal AttributeObject Attributes { get; }

    /// <summary>The targeting key as rollouts hash it: half a surrogate pair is U+FFFD.</summary>
    internal ReadOnlySpan<byte> TargetingKeyUtf8 => _targetingKeyUtf8;

    /// <summary>A context with a targeting key and no attributes.</summary>
    public static EvaluationContext For(string? targetingKey) => new EvaluationContextBuilder(targetingKey).Build();

    /// <summary>
    /// Reads <c>{"targetingKey": …, any attributes}</c> from UTF-8. A targeting key of null counts as absent. Of members of
    /// one name the last counts.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="context">The context, where it could be read.</param>
    /// <param name="problem">Why it could not, in words; a cause for <c>INVALID_CONTEXT</c>.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out EvaluationContext? context,
        [NotNullWhen(false)] out string? problem
    )
    {
        context = null;
        if (json.Length > MaxBytes)
        {
            problem = $"the context must have at most {MaxBytes} bytes";
            return false;
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            if (!TryRead(ref reader, out context, out problem))
                return false;
            reader.Read();
            return true;
        }
        catch (JsonException error)
        {
            context = null;
            problem = $"the context is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})";
            return false;
        }
    }

    /// <summary>
    /// Reads a context where a reader stands at the first token of one, and leaves it at the last; for a context inside a
    /// larger body. The limit of bytes is the caller's.
    /// </summary>
    /// <exception cref="JsonException">The document is not JSON.</exception>
    public static bool TryRead(
        ref Utf8JsonReader reader,
        [NotNullWhen(true)] out EvaluationContext? context,
        [NotNullWhen(false)] out string? problem
    )
    {
        context = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "the context must be an object";
            return false;
        }

        var attributes = new AttributeReader(MaxAttributes, MaxDepth);
        if (!attributes.TryObject(ref reader, out var members))
        {
            problem = attributes.Problem;
            return false;
        }

        ref readonly var key = ref members.Find(AttributePath.TargetingKey, AttributeObject.Hash(AttributePath.TargetingKey));
        if (key.Kind is not (AttributeKind.String or AttributeKind.Missing))
        {
            problem = "targetingKey must be a string";
            return false;
        }
        context = new EvaluationContext(key.Kind == AttributeKind.String ? key.Text : null, members);
        problem = null;
        return true;
    }
}
