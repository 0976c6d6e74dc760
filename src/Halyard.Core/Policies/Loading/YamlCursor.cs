using System.Globalization;

namespace Halyard.Core.Policies.Loading;

/// <summary>
/// Stands at one value of a document; what is not as it must be is reported with its place. A cursor without a value stands where one is
/// missing, and reading from it gives nothing.
/// </summary>
internal sealed record YamlCursor(YamlNode? Node, YamlNode Nearest, string Pointer, List<PolicyProblem> Problems)
{
    /// <summary>The most characters of a text.</summary>
    private const int MaxText = 4_096;

    /// <summary>The most items of a list.</summary>
    private const int MaxItems = 1_000;

    public bool Exists => Node is not null;

    public static YamlCursor Root(YamlNode root, List<PolicyProblem> problems) => new(root, root, "", problems);

    public void Problem(string message) => Problems.Add(new PolicyProblem(Nearest.Line, Nearest.Column, Pointer, message));

    /// <summary>Whether it is a map of these members and no others.</summary>
    public bool IsMap(params ReadOnlySpan<string> known)
    {
        if (Node is not YamlNode.Map map)
        {
            if (Exists)
                Problem($"must be a map, not {Node!.Kind}");
            return false;
        }
        foreach (var member in map.Members)
        {
            if (!known.Contains(member.Name.Text))
                At(member.Name, member.Name.Text)
                    .Problem($"'{Words.Short(member.Name.Text)}' is not known; known are {Words.List(known.ToArray())}");
        }
        return true;
    }

    /// <summary>The member, or a cursor without a value.</summary>
    public YamlCursor this[string name] =>
        (Node as YamlNode.Map)?.Members.FirstOrDefault(member => member.Name.Text == name) is { } found
            ? At(found.Value, name)
            : new YamlCursor(null, Nearest, PointerTo(name), Problems);

    /// <summary>The member, which must be there; of what is itself missing nothing more is said.</summary>
    public YamlCursor Required(string name)
    {
        var member = this[name];
        if (Exists && !member.Exists)
            Problem($"'{name}' is missing");
        return member;
    }

    /// <summary>The items of a list; empty where there is none.</summary>
    public IReadOnlyList<YamlCursor> Items(int most = MaxItems)
    {
        if (Node is not YamlNode.List list)
        {
            if (Exists)
                Problem($"must be a list, not {Node!.Kind}");
            return [];
        }
        if (list.Items.Count > most)
            Problem($"must have at most {most} items");
        return [.. list.Items.Take(most).Select((item, i) => At(item, i.ToString(CultureInfo.InvariantCulture)))];
    }

    /// <summary>A text; <see langword="null"/> where there is none.</summary>
    public string? Text(int most = MaxText)
    {
        if (Scalar() is not { } scalar)
            return null;
        if (scalar.IsPlain && YamlScalars.IsOtherThanText(scalar.Text))
            Problem($"must be text; put '{Words.Short(scalar.Text)}' into quotes if that is meant");
        else if (scalar.Text.Length > most)
            Problem($"must have at most {most} characters");
        else
            return scalar.Text;
        return null;
    }

    /// <summary>One of some names; <see langword="null"/> where it is none of them.</summary>
    public string? Choice(IReadOnlyList<string> names)
    {
        if (Text() is not { } text)
            return null;
        if (names.Contains(text, StringComparer.Ordinal))
            return text;
        Problem($"'{Words.Short(text)}' is not known; known are {Words.List(names)}");
        return null;
    }

    /// <summary>A boolean; <see langword="null"/> where there is none.</summary>
    public bool? Boolean()
    {
        if (Scalar() is not { } scalar)
            return null;
        if (scalar is { IsPlain: true, Text: "true" or "false" })
            return scalar.Text == "true";
        Problem("must be true or false");
        return null;
    }

    /// <summary>A number in decimal; <see langword="null"/> where there is none.</summary>
    public double? Number(double least, double most)
    {
        if (Scalar() is not { } scalar)
            return null;
        if (scalar.IsPlain && YamlScalars.TryNumber(scalar.Text, out var number) && number >= least && number <= most)
            return number;
        Problem($"must be a number of {least} to {most}, without quotes");
        return null;
    }

    /// <summary>A whole number; <see langword="null"/> where there is none.</summary>
    public int? Whole(int least, int most)
    {
        if (Scalar() is not { } scalar)
            return null;
        if (
            scalar.IsPlain
            && YamlScalars.TryNumber(scalar.Text, out var number)
            && Math.Floor(number) == number
            && number >= least
            && number <= most
        )
            return (int)number;
        Problem($"must be a whole number of {least} to {most}, without quotes");
        return null;
    }

    private YamlNode.Scalar? Scalar()
    {
        if (Node is YamlNode.Scalar scalar)
            return scalar;
        if (Exists)
            Problem($"must be a single value, not {Node!.Kind}");
        return null;
    }

    private YamlCursor At(YamlNode node, string name) => new(node, node, PointerTo(name), Problems);

    private string PointerTo(string name) =>
        $"{Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
