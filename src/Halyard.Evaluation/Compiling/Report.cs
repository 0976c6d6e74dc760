using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>
/// A place in a definition and the list that receives what is wrong there. Most places have nothing wrong: the pointer becomes a
/// text where a problem needs it.
/// </summary>
internal readonly struct Report
{
    private readonly List<DefinitionProblem> _problems;
    private readonly Place _place;

    public Report(List<DefinitionProblem> problems, string pointer)
        : this(problems, new Place(null, pointer, 0)) { }

    private Report(List<DefinitionProblem> problems, Place place) => (_problems, _place) = (problems, place);

    public int Count => _problems.Count;

    public Report At(string member) => new(_problems, new Place(_place, member, 0));

    public Report At(int index) => new(_problems, new Place(_place, null, index));

    public void Problem(string message) => _problems.Add(new DefinitionProblem(_place.Pointer, message));

    /// <summary>Reports a text that is empty or too long.</summary>
    public void CheckText(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
            Problem("must not be empty");
        else if (text.Length > maxLength)
            Problem($"must have at most {maxLength} characters");
    }

    /// <summary>
    /// Reports a salt that is too long or ends in half a surrogate pair: a value that begins with the other half would make one
    /// character with it, whose UTF-8 is not that of the parts.
    /// </summary>
    public void CheckSalt(string? salt)
    {
        if (salt is { Length: > Limits.Text })
            Problem($"must have at most {Limits.Text} characters");
        else if (salt is [.., var last] && char.IsHighSurrogate(last))
            Problem("must not end in half a surrogate pair");
    }

    /// <summary>Reports an identifier that is empty, too long or used before.</summary>
    public void CheckIdentifier(string? text, HashSet<string> used)
    {
        CheckText(text, Limits.Identifier);
        if (!string.IsNullOrEmpty(text) && !used.Add(text))
            Problem($"'{text}' appears more than once");
    }

    /// <summary>Reports a list that is too long.</summary>
    public void CheckCount(int count, int max)
    {
        if (count > max)
            Problem($"must have at most {max} elements");
    }

    /// <summary>A step of the pointer: a member or, without a name, an index.</summary>
    private sealed class Place(Place? above, string? member, int index)
    {
        public string Pointer =>
            above is null ? member ?? ""
            : member is null ? $"{above.Pointer}/{index}"
            : $"{above.Pointer}/{member}";
    }
}
