using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>Reads the documents of the flag domain back from the store.</summary>
public static class FlagDocuments
{
    private const int AnyLength = int.MaxValue;

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for a kind of another domain.</summary>
    /// <exception cref="InvalidDataException">The document is not one of this kind: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var resource = Read(name, JsonCursor.Root(parsed.RootElement, problems));
        return problems.Count == 0
            ? resource
            : throw new InvalidDataException(
                $"The stored document of {name} is damaged at '{problems[0].Pointer}': {problems[0].Message}."
            );
    }

    private static Resource? Read(ResourceName name, JsonCursor json)
    {
        var id = json.RequiredString("id", AnyLength);
        return name.Kind switch
        {
            ResourceKind.Tenant => new Tenant(id, name.Key, Title(json)),
            ResourceKind.Project => new Project(id, name.Key, Title(json), json.OptionalString("description", AnyLength)),
            ResourceKind.Environment => new ProjectEnvironment(
                id,
                name.Project,
                name.Key,
                Title(json),
                json.RequiredEnum<EnvironmentType>("type"),
                json.RequiredInt("order"),
                json.RequiredBool("enabled")
            )
            {
                RiskLevel = json["riskLevel"].Exists ? json.RequiredEnum<RiskLevel>("riskLevel") : null,
                EstimatedUsers = json["estimatedUsers"].Exists ? json.RequiredLong("estimatedUsers", 0) : null,
            },
            ResourceKind.Flag => ReadFlag(id, name, json),
            ResourceKind.Segment => new Segment(
                id,
                name.Project,
                DefinitionJson.ReadSegment(json, ["id", "name", "description"]),
                Title(json),
                json.OptionalString("description", AnyLength)
            ),
            ResourceKind.Import => new HistoryImport(
                id,
                name.Project,
                name.Key,
                json.RequiredLong("lines", 0),
                json.RequiredBool("finished")
            ),
            _ => null,
        };
    }

    private static string Title(JsonCursor json) => json.OptionalString("name", AnyLength);

    private static Flag ReadFlag(string id, ResourceName name, JsonCursor json)
    {
        var definition = new FlagDefinition(
            name.Key,
            json.RequiredEnum<FlagType>("type"),
            json.RequiredEnum<FlagStatus>("status"),
            json.List("variants", AnyLength).Select(DefinitionJson.ReadVariant).ToSequence(),
            json.NullableString("salt", AnyLength),
            json.OptionalEnum("hash", BucketingHash.Flagd)
        );
        return new Flag(
            id,
            name.Project,
            definition,
            Title(json),
            json.OptionalString("description", AnyLength),
            json.RequiredEnum<FlagKind>("kind"),
            json.OptionalString("owner", AnyLength),
            json.Strings("tags", AnyLength),
            json.OptionalBool("sensitive"),
            new FlagDefaults(json["defaults"].RequiredString("on", AnyLength), json["defaults"].RequiredString("off", AnyLength)),
            json.RequiredLong("changedIn", 0),
            Flag.NoEnvironments.AddRange(ReadEnvironments(json["environments"]))
        );
    }

    private static IEnumerable<KeyValuePair<string, FlagConfiguration>> ReadEnvironments(JsonCursor environments)
    {
        foreach (var member in environments.Element.EnumerateObject())
        {
            var json = environments[member.Name];
            yield return new(
                member.Name,
                new FlagConfiguration(
                    json.RequiredString("environmentId", AnyLength),
                    json.RequiredLong("changedIn", 0),
                    DefinitionJson.ReadEnvironment(json, ["environmentId", "changedIn"])
                )
            );
        }
    }
}
