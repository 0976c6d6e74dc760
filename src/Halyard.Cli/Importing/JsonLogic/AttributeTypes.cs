using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.JsonLogic;

/// <summary>
/// The type that a flag takes each attribute to have. JSONLogic converts types while it compares and Halyard never does; both
/// agree where every attribute has the one type that it is compared with.
/// </summary>
internal sealed class AttributeTypes(ICollection<Gap> gaps)
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    /// <summary>Notes that an attribute is compared as of a type; two types for one attribute are a gap.</summary>
    public void Expect(string attribute, string type, string pointer)
    {
        if (!_types.TryAdd(attribute, type) && _types[attribute] != type)
            gaps.Add(new Gap(pointer, $"'{attribute}' is compared as a {type} here and as a {_types[attribute]} before"));
    }
}
