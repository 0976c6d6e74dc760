namespace Halyard.Cli.Importing.Logic;

/// <summary>
/// What the flags of a file take each attribute to be. Products whose attributes are always text turn it into numbers while they
/// compare; here an application sends a number, and so one attribute cannot be compared as both.
/// </summary>
internal sealed class AttributeKinds
{
    /// <summary>The name of the attribute that is the targeting key.</summary>
    public const string TargetingKey = "targetingKey";

    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal) { [TargetingKey] = "text" };

    /// <summary>An attribute is compared as text.</summary>
    public void ExpectText(string attribute, string pointer, ICollection<Gap> gaps) => Expect(attribute, "text", pointer, gaps);

    /// <summary>An attribute is compared as a number, and has to be sent as one.</summary>
    public void ExpectNumber(string attribute, string pointer, ICollection<Gap> gaps) =>
        Expect(attribute, "a number", pointer, gaps);

    private void Expect(string attribute, string kind, string pointer, ICollection<Gap> gaps)
    {
        if (!_kinds.TryAdd(attribute, kind) && _kinds[attribute] != kind)
            gaps.Add(new Gap(pointer, $"'{attribute}' is compared as {kind} here and as {_kinds[attribute]} elsewhere"));
    }
}
