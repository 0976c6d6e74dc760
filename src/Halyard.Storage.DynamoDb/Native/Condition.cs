using Amazon.DynamoDBv2.Model;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>What must hold of an item for a write to take effect.</summary>
internal sealed record Condition(string Expression, Dictionary<string, string>? Names, Dictionary<string, AttributeValue>? Values)
{
    /// <summary>There is no item.</summary>
    public static Condition Absent { get; } = new($"attribute_not_exists({Item.Partition})", null, null);

    /// <summary>There is one, and its attribute has this value.</summary>
    public static Condition Is(string name, long number) => Equal(name, Item.Of(number));

    /// <inheritdoc cref="Is(string, long)"/>
    public static Condition Is(string name, string text) => Equal(name, Item.Of(text));

    /// <inheritdoc cref="Is(string, long)"/>
    public static Condition Is(string name, ReadOnlyMemory<byte> bytes) => Equal(name, Item.Of(bytes));

    /// <summary>There is none, or one whose attribute has this value.</summary>
    public static Condition AbsentOr(string name, string text)
    {
        var equal = Is(name, text);
        return equal with { Expression = $"{Absent.Expression} OR {equal.Expression}" };
    }

    /// <summary>The revision or value that was read: none where it was 0.</summary>
    public static Condition Revision(string name, long number) => number == 0 ? Absent : Is(name, number);

    private static Condition Equal(string name, AttributeValue value) =>
        new(
            "#a = :a",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["#a"] = name },
            new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [":a"] = value }
        );
}
