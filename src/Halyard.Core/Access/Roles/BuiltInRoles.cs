using System.Collections.Frozen;
using System.Text.Json;
using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access;

/// <summary>Roles that exist in every tenant without being defined: <c>policies/data.json</c>.</summary>
public static class BuiltInRoles
{
    /// <summary>May do everything in its tenant.</summary>
    public const string Admin = "ADMIN";

    /// <summary>May evaluate flags and nothing else.</summary>
    public const string Client = "CLIENT";

    /// <summary>What everybody may do who is known; the role of every actor, given to nobody.</summary>
    public const string Everybody = "everybody";

    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<Role> All { get; } = Load();

    private static readonly FrozenSet<string> Keys = All.Select(role => role.Key).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether there is such a role.</summary>
    public static bool Exists(string role) => Keys.Contains(role);

    private static List<Role> Load()
    {
        using var file = ShippedPolicy.Open("data.json");
        using var parsed = JsonDocument.Parse(file);
        var problems = new List<DefinitionProblem>();
        var roles = new List<Role>();
        foreach (var json in JsonCursor.Root(parsed.RootElement, problems).List("roles", int.MaxValue, required: true))
        {
            json.IsObject("key", "name", "description", "grants");
            var key = json.RequiredKey("key");
            var (title, description) = (
                json.RequiredString("name", Limits.Text),
                json.RequiredString("description", Limits.Text)
            );
            roles.Add(new Role(key, key, title, description, RoleJson.ReadGrants(json)));
        }
        return problems.Count == 0 ? roles : throw new InvalidDataException($"policies/data.json: {string.Join("; ", problems)}");
    }
}
