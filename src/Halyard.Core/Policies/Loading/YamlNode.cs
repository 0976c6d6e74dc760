namespace Halyard.Core.Policies.Loading;

/// <summary>A value of a YAML document with its place. Lines and columns count from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>Text, a number, a boolean or nothing, as written; what is not plain stood in quotes and is text whatever it looks like.</summary>
    public sealed record Scalar(int Line, int Column, string Text, bool IsPlain) : YamlNode(Line, Column);

    /// <summary>A list.</summary>
    public sealed record List(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

    /// <summary>Members by name, in the order written.</summary>
    public sealed record Map(int Line, int Column, IReadOnlyList<Member> Members) : YamlNode(Line, Column);

    /// <summary>What it is, in words.</summary>
    public string Kind =>
        this switch
        {
            Scalar => "a single value",
            List => "a list",
            Map => "a map",
        };
}

/// <summary>A member of a map.</summary>
internal sealed record Member(YamlNode.Scalar Name, YamlNode Value);
