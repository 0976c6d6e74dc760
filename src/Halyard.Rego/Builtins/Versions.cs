namespace Halyard.Rego;

/// <summary>Semantic versions (semver 2.0.0).</summary>
internal static class Versions
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("semver.is_valid", [RegoType.Any], RegoType.Boolean, IsValid),
        new("semver.compare", [RegoType.String, RegoType.String], RegoType.Number, Compare),
    ];

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        arguments[0] is RegoString text && Read(context, text.Value) is not null ? RegoBoolean.True : RegoBoolean.False;

    private static RegoValue? Compare(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Read(context, arguments.Text(0)) is not { } left)
            return context.Fail($"operand 1: string \"{arguments.Text(0)}\" is not a valid SemVer");
        if (Read(context, arguments.Text(1)) is not { } right)
            return context.Fail($"operand 2: string \"{arguments.Text(1)}\" is not a valid SemVer");
        return RegoValue.Of(Order(left, right));
    }

    private static int Order(Version left, Version right)
    {
        for (var i = 0; i < 3; i++)
        {
            if (OrderOfParts(left.Core[i], right.Core[i]) is var order and not 0)
                return order;
        }
        // A version before its release is less than the release.
        if (left.Pre.Length == 0 || right.Pre.Length == 0)
            return Math.Sign(right.Pre.Length.CompareTo(left.Pre.Length));
        for (var i = 0; i < Math.Min(left.Pre.Length, right.Pre.Length); i++)
        {
            if (OrderOfParts(left.Pre[i], right.Pre[i]) is var order and not 0)
                return order;
        }
        return Math.Sign(left.Pre.Length.CompareTo(right.Pre.Length));
    }

    // Numbers of any length by value and before names; names by their characters.
    private static int OrderOfParts(string left, string right)
    {
        var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        if (leftIsNumber != rightIsNumber)
            return leftIsNumber ? -1 : 1;
        if (leftIsNumber && left.Length != right.Length)
            return Math.Sign(left.Length.CompareTo(right.Length));
        return Math.Sign(string.CompareOrdinal(left, right));
    }

    private static Version? Read(BuiltinContext context, string text)
    {
        context.Spend(1 + text.Length);
        context.Reserve(8L * text.Length);
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0 && !text[(plus + 1)..].Split('.').All(IsName))
            return null;
        var version = plus < 0 ? text : text[..plus];
        var dash = version.IndexOf('-', StringComparison.Ordinal);
        var core = (dash < 0 ? version : version[..dash]).Split('.');
        var pre = dash < 0 ? [] : version[(dash + 1)..].Split('.');
        var isValid =
            core.Length == 3
            && core.All(part => IsName(part) && part.All(char.IsAsciiDigit) && IsCanonical(part))
            && pre.All(part => IsName(part) && IsCanonical(part));
        return isValid ? new Version(core, pre) : null;
    }

    private static bool IsName(string part) => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsCanonical(string part) => part is "0" || part[0] != '0' || !part.All(char.IsAsciiDigit);

    private sealed record Version(string[] Core, string[] Pre);
}
