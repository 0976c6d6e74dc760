using System.Buffers;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Retention;

/// <summary>Retention as JSON. Reading reports every problem with its pointer.</summary>
public static class RetentionJson
{
    private const int MaxDays = 36_500;
    private const int MaxMinimums = 50;

    private static readonly SearchValues<char> OfTypes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_.");

    /// <summary>The members of the policy.</summary>
    public static IReadOnlyList<string> Members { get; } = ["archiveAfterDays", "retentionDays", "minimumDays"];

    /// <summary>Reads a policy, and reports all that is wrong with it.</summary>
    public static RetentionPolicy ReadPolicy(JsonCursor json) => ReadPolicy(json, isStored: false);

    private static RetentionPolicy ReadPolicy(JsonCursor json, bool isStored)
    {
        var policy = new RetentionPolicy(
            Days(json, "archiveAfterDays", 0),
            Days(json, "retentionDays", 1),
            ReadMinimums(json["minimumDays"], isStored)
        );
        if (policy is { RetentionDays: not null, ArchiveAfterDays: null })
            json["retentionDays"].Problem("needs archiveAfterDays: what was not archived is not purged");
        if (policy.RetentionDays < policy.ArchiveAfterDays)
            json["retentionDays"].Problem("must not be less than archiveAfterDays: what was not archived is not purged");
        return policy;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of a retention: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Retention)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var retention = new LogRetention(json.RequiredString("id", int.MaxValue), ReadPolicy(json, isStored: true));
        return problems.Count == 0 ? retention : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    private static int? Days(JsonCursor json, string member, int min) =>
        json[member] is { Exists: true, Element.ValueKind: not JsonValueKind.Null }
            ? json.RequiredInt(member, min, MaxDays)
            : null;

    private static Sequence<MinimumAge> ReadMinimums(JsonCursor json, bool isStored)
    {
        if (!json.Exists)
            return [];
        var minimums = new List<MinimumAge>();
        foreach (var (prefix, value) in json.Members())
        {
            if (prefix.Length is 0 or > Limits.Identifier || prefix.AsSpan().ContainsAnyExcept(OfTypes))
                value.Problem("must be named by the beginning of types of entries, such as 'change_request.'");
            // What was stored once stays readable.
            else if (!isStored && !Catalogue.Names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)))
                value.Problem($"would keep nothing: no type of entry begins with '{prefix}'");
            minimums.Add(new MinimumAge(prefix, json.RequiredInt(prefix, 1, MaxDays)));
        }
        if (minimums.Count > MaxMinimums)
            json.Problem($"has more than {MaxMinimums} members");
        return minimums.OrderBy(minimum => minimum.Prefix, StringComparer.Ordinal).ToSequence();
    }
}
