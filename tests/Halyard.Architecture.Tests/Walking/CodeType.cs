using Mono.Cecil;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>
/// An outermost type with everything that it and all types nested in it use. What the compiler makes of lambdas, iterators,
/// asynchronous methods and local functions is nested, so it counts as written where it was written.
/// </summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="FullName">Namespace and name.</param>
/// <param name="Uses">What it uses, itself left out.</param>
internal sealed record CodeType(string Assembly, string Namespace, string FullName, IReadOnlyList<Use> Uses)
{
    /// <summary>Whether the type is in a namespace or below it.</summary>
    public bool IsIn(string name) => Names.IsIn(Namespace, name);

    /// <summary>Every outermost type of some modules.</summary>
    public static IReadOnlyList<CodeType> AllOf(IEnumerable<ModuleDefinition> modules) =>
        [.. modules.SelectMany(module => module.Types.Where(type => type.Name != "<Module>").Select(Of))];

    private static CodeType Of(TypeDefinition type)
    {
        var uses = new UseCollector();
        TypeWalk.Walk(type, uses);
        return new CodeType(
            type.Module.Assembly.Name.Name,
            type.Namespace,
            type.FullName,
            [.. uses.Found.Where(use => use.Type != type.FullName)]
        );
    }
}

/// <summary>One use of a type, or of a member of it.</summary>
/// <param name="Namespace">The namespace of what is used.</param>
/// <param name="Type">The outermost type used.</param>
/// <param name="Member"><c>Namespace.Type::Name</c> of the method or field used; <see langword="null"/> for the type itself.</param>
/// <param name="Where">The member that uses it.</param>
internal sealed record Use(string Namespace, string Type, string? Member, string Where)
{
    /// <summary>Whether what is used is in a namespace or below it.</summary>
    public bool IsOf(string name) => Names.IsIn(Namespace, name);
}

/// <summary>Comparisons of namespaces.</summary>
internal static class Names
{
    /// <summary>Whether a namespace is another or lies below it: a name that only begins alike does not.</summary>
    public static bool IsIn(string name, string outer) =>
        name.StartsWith(outer, StringComparison.Ordinal) && (name.Length == outer.Length || name[outer.Length] == '.');
}
