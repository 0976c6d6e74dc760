namespace Halyard.Architecture.Fixtures.Forbidden;

public class Thing
{
    public static int Shared;

    public virtual object Describe() => "thing";

    public sealed class Inner;
}

public sealed class Box<T>;

public struct Value
{
    public int Number;
}

public interface IForbidden;

public enum Kind
{
    First,
    Second,
}

public sealed class ForbiddenException : Exception;

public delegate void Handler();

[AttributeUsage(AttributeTargets.All)]
public sealed class MarkAttribute : Attribute;

public static class Service
{
    public const int Limit = 7;

    public static int Count() => 1;

    public static void Handle() { }

    public static int Length(this string text) => text.Length;
}
