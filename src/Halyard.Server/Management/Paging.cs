using Halyard.Core;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Management;

/// <summary>The parameters that lists share.</summary>
internal static class Paging
{
    /// <summary>The default page.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Reads <c>limit</c>, 1…1,000.</summary>
    public static int Limit(HttpContext context, List<FieldProblem> problems)
    {
        var text = context.Request.Query["limit"].ToString();
        if (text.Length == 0)
            return DefaultLimit;
        if (int.TryParse(text, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        problems.Add(new FieldProblem("/limit", $"must be a whole number from 1 to {MaxLimit}"));
        return DefaultLimit;
    }

    /// <summary>Reads a time (RFC 3339), or <see langword="null"/> where it is absent.</summary>
    public static DateTimeOffset? Time(HttpContext context, string name, List<FieldProblem> problems)
    {
        // A plus sign that was not escaped arrives as a space.
        var text = context.Request.Query[name].ToString().Replace(' ', '+');
        if (text.Length == 0)
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        problems.Add(new FieldProblem($"/{name}", "must be a time such as 2026-01-31T09:30:00Z (RFC 3339)"));
        return null;
    }

    /// <summary>Reads a truth value, or <see langword="null"/> where it is absent.</summary>
    public static bool? Truth(HttpContext context, string name, List<FieldProblem> problems)
    {
        var text = context.Request.Query[name].ToString();
        switch (text)
        {
            case "":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                problems.Add(new FieldProblem($"/{name}", "must be true or false"));
                return null;
        }
    }

    /// <summary>Reads a wire name, or <see langword="null"/> where it is absent.</summary>
    public static TEnum? Name<TEnum>(HttpContext context, string name, List<FieldProblem> problems)
        where TEnum : struct, Enum
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
            return null;
        if (WireNames.TryParse<TEnum>(text, out var value))
            return value;
        problems.Add(new FieldProblem($"/{name}", $"must be one of {string.Join(", ", WireNames.All<TEnum>())}"));
        return null;
    }

    /// <summary>Reads a text, or <see langword="null"/> where it is absent.</summary>
    public static string? Text(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The parameters that may be given several times: actions, any of which match, and attributes, all of which are known.</summary>
    private static readonly string[] Repeatable = ["action", "attribute"];

    /// <summary>
    /// Refuses parameters that nobody reads, and those given twice: a filter that is misspelt must not show everything.
    /// </summary>
    public static void OnlyKnown(HttpContext context, List<FieldProblem> problems, params string[] known)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (values.Count > 1 && !Repeatable.Contains(name, StringComparer.Ordinal))
                problems.Add(new FieldProblem($"/{name}", "is given more than once"));
        }
        foreach (var name in context.Request.Query.Keys.Except(known, StringComparer.Ordinal))
            problems.Add(new FieldProblem($"/{name}", $"there is no parameter '{name}'; known are {string.Join(", ", known)}"));
    }
}
