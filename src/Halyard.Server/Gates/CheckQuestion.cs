using System.Globalization;
using Halyard.Core.Policies.Checks;

namespace Halyard.Server.Gates;

/// <summary>What a source is asked about.</summary>
/// <param name="Check">The check's key.</param>
/// <param name="Project">The project's key.</param>
/// <param name="About">What evidence about it is called.</param>
/// <param name="Flag">The flag; <see langword="null"/> where it is about several or none.</param>
/// <param name="Environment">The environment; <see langword="null"/> where it is about several or none.</param>
/// <param name="Request">The change request, or <see langword="null"/>.</param>
/// <param name="Subject">What evidence must be about to count.</param>
internal sealed record CheckQuestion(
    string Check,
    string Project,
    string About,
    string? Flag,
    string? Environment,
    string? Request,
    CheckSubject Subject
)
{
    /// <summary>Puts values in the place of names such as <c>$flag</c>, or gives the name that has none here.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encode">How each value is written.</param>
    public (string Text, string? Missing) Fill(string text, Func<string, string> encode)
    {
        foreach (var (name, value) in Values())
        {
            if (!text.Contains(name, StringComparison.Ordinal))
                continue;
            if (value is null)
                return (text, name);
            text = text.Replace(name, encode(value), StringComparison.Ordinal);
        }
        return (text, null);
    }

    /// <summary>The question as a query.</summary>
    public string Query() =>
        string.Join(
            '&',
            Values()
                .Where(item => item.Value is not null)
                .Append((Name: "$check", Value: Check))
                .Select(item => $"{item.Name[1..]}={Uri.EscapeDataString(item.Value!)}")
        );

    private IEnumerable<(string Name, string? Value)> Values() =>
        [
            ("$project", Project),
            ("$flag", Flag),
            ("$environment", Environment),
            ("$request", Request),
            ("$content", Subject.Value.ToString()),
            ("$revision", Subject.Revision.ToString(CultureInfo.InvariantCulture)),
        ];
}
