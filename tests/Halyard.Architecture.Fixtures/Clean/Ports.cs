using Halyard.Architecture.Fixtures.Forbidden;

namespace Halyard.Architecture.Fixtures.Ports;

/// <summary>A permitted neighbour through which forbidden types can be reached.</summary>
public sealed class Port
{
    public static readonly Thing Held = new();

    public Thing? Thing { get; init; }

    public static Thing Make() => new();

    public static void Take<T>() { }

    public static void Accept(Value value) { }
}

public class Middle : Thing;

public class Basket<T>
{
    public static int Count;
}

public interface IVisitor<T>;

[AttributeUsage(AttributeTargets.All)]
public sealed class NoteAttribute(params object[] about) : Attribute
{
    public object[] About { get; } = about;

    public Type? Subject { get; init; }
}

[AttributeUsage(AttributeTargets.All)]
public sealed class NoteAttribute<T> : Attribute;
