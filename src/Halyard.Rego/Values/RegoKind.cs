namespace Halyard.Rego;

/// <summary>The kinds of value, in the order in which values of different kinds sort.</summary>
public enum RegoKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Set,
}
