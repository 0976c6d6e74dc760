using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Loading;

/// <summary>Puts what others wrote into words for people.</summary>
internal static class Words
{
    private const int Most = 80;

    /// <summary>A text short enough for a message.</summary>
    public static string Short(string text) => text.Length <= Most ? text : Excerpt.Of(text, Most) + "…";

    /// <summary>Names in a row.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names);
}
