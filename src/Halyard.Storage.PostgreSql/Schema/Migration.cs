using System.Globalization;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Storage.PostgreSql.Schema;

/// <summary>One forward step of the schema.</summary>
/// <param name="Number">1, 2, 3 … without gaps.</param>
/// <param name="Name">The file's name, for people.</param>
/// <param name="Script">Its SQL.</param>
internal sealed record Migration(int Number, string Name, string Script)
{
    /// <summary>What a database remembers of it: a migration that was released is never edited.</summary>
    public Digest Checksum { get; } = Digest.Of(Encoding.UTF8.GetBytes(Script));

    /// <summary>The migrations of the main tables, in order.</summary>
    public static IReadOnlyList<Migration> Embedded { get; } = ReadEmbedded("Migrations/");

    /// <summary>The migrations of the tables of keys, in order.</summary>
    public static IReadOnlyList<Migration> OfKeys { get; } = ReadEmbedded("KeyMigrations/");

    private static List<Migration> ReadEmbedded(string folder)
    {
        var assembly = typeof(Migration).Assembly;
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(folder, StringComparison.Ordinal))
                continue;
            var name = Path.GetFileNameWithoutExtension(resource[folder.Length..]);
            var number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            migrations.Add(new Migration(number, name, reader.ReadToEnd().ReplaceLineEndings("\n")));
        }
        return migrations;
    }
}
