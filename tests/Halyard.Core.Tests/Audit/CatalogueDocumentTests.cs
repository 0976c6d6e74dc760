using System.Text;
using Halyard.Core.Audit;
using Halyard.Testing;

namespace Halyard.Core.Tests.Audit;

/// <summary>What the documentation says of the catalogue is the catalogue.</summary>
public sealed class CatalogueDocumentTests
{
    private const string Document = "docs/audit-catalogue.md";

    [Fact]
    public void Document_ListsEveryNameWithWhatItSays()
    {
        var path = Path.Combine(Suites.RepositoryRoot, Document);
        var expected = Expected();
        if (Environment.GetEnvironmentVariable("HALYARD_REFRESH_SNAPSHOTS") == "true")
            File.WriteAllText(path, expected);
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(expected);
    }

    private static string Expected()
    {
        var text = new StringBuilder(
            """
            # The catalogue of the audit log

            Every type and action that an entry can have ([audit-format.md](audit-format.md)). `flag.toggled` in a query stands for
            `flag.enabled` and `flag.disabled`. This page is written by a test from the catalogue itself.

            | Name | What it says |
            |---|---|

            """.ReplaceLineEndings("\n")
        );
        foreach (var name in Catalogue.Names)
            text.Append("| `").Append(name).Append("` | ").Append(Catalogue.Describe(name)).Append(" |\n");
        return text.ToString();
    }
}
