namespace Halyard.Evaluation;

/// <summary>What of a context is hashed: a string, or a whole number in decimal.</summary>
internal static class BucketValue
{
    /// <summary>As many characters as a whole number of 64 bits can have.</summary>
    public const int Digits = 20;

    /// <summary>Reads the targeting key, or the attribute; false where there is none of either kind.</summary>
    /// <param name="bucketBy">The attribute; null means the targeting key.</param>
    /// <param name="context">Whose value is read.</param>
    /// <param name="digits">Room for <see cref="Digits"/> characters, which the value may lie in.</param>
    /// <param name="value">The value; empty where there is none.</param>
    public static bool TryRead(
        AttributePath? bucketBy,
        EvaluationContext context,
        Span<char> digits,
        out ReadOnlySpan<char> value
    )
    {
        if (bucketBy is not null)
            return TryReadAttribute(bucketBy, context, digits, out value);
        value = context.TargetingKey;
        return context.TargetingKey is not null;
    }

    /// <summary>Reads the attribute; false where it is absent or of another type.</summary>
    public static bool TryReadAttribute(
        AttributePath bucketBy,
        EvaluationContext context,
        Span<char> digits,
        out ReadOnlySpan<char> value
    )
    {
        ref readonly var attribute = ref bucketBy.Resolve(context);
        if (attribute.Kind == AttributeKind.String)
        {
            value = attribute.Text;
            return true;
        }
        if (attribute.TryGetWhole(out var whole) && whole.TryFormat(digits, out var length))
        {
            value = digits[..length];
            return true;
        }
        value = default;
        return false;
    }
}
