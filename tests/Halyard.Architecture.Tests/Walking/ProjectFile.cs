using System.Xml.Linq;
using Halyard.Testing;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>A project as its file declares it, whatever conditions stand around the declarations.</summary>
/// <param name="Name">The file's name without extension.</param>
/// <param name="AssemblyName">What it is compiled to.</param>
/// <param name="Edges">Each reference as <c>kind name</c>, in ordinal order.</param>
internal sealed record ProjectFile(string Name, string AssemblyName, IReadOnlyList<string> Edges)
{
    private const string PlainSdk = "Microsoft.NET.Sdk";

    /// <summary>Every project under <c>src</c>.</summary>
    public static IReadOnlyList<ProjectFile> Product { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Suites.RepositoryRoot, "src"), "*.*proj", SearchOption.AllDirectories)
            .Select(Read)
            .OrderBy(project => project.Name, StringComparer.Ordinal),
    ];

    private static ProjectFile Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var root = XDocument.Load(path).Root!;
        var assembly = root.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name;
        return new ProjectFile(name, assembly, [.. EdgesOf(root).Order(StringComparer.Ordinal)]);
    }

    // Another SDK brings another framework; an import or a bare reference would bring anything.
    private static IEnumerable<string> EdgesOf(XElement root) =>
        root.Descendants()
            .Select(element =>
                element.Name.LocalName switch
                {
                    "ProjectReference" => $"project {Path.GetFileNameWithoutExtension(Included(element))}",
                    "PackageReference" => $"package {Included(element)}",
                    "FrameworkReference" => $"framework {Included(element)}",
                    "Reference" => $"reference {Included(element)}",
                    "Import" => $"import {(string?)element.Attribute("Project")}",
                    "Sdk" => $"sdk {(string?)element.Attribute("Name")}",
                    _ => null,
                }
            )
            .OfType<string>()
            .Concat(((string?)root.Attribute("Sdk"))?.Split(';').Where(sdk => sdk != PlainSdk).Select(sdk => $"sdk {sdk}") ?? []);

    private static string? Included(XElement element) => (string?)(element.Attribute("Include") ?? element.Attribute("Update"));
}
