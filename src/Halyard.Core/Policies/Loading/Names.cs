using System.Text.RegularExpressions;

namespace Halyard.Core.Policies.Loading;

/// <summary>The names of policies, rules and stages: like keys, so that they can stand in a path.</summary>
internal static partial class Names
{
    /// <summary>The name; empty where it was reported.</summary>
    public static string Read(YamlCursor place)
    {
        if (place.Text() is not { } name)
            return "";
        if (Form().IsMatch(name))
            return name;
        place.Problem("must be 1 to 128 letters, digits, '.', '_' or '-', and begin with a letter or digit");
        return "";
    }

    [GeneratedRegex(
        @"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Form();
}
