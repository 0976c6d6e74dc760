using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Deciding;

/// <summary>One file of a policy.</summary>
/// <param name="Name">Its name, which stands in messages.</param>
/// <param name="Text">Rego.</param>
public sealed record PolicyModule(string Name, string Text);

/// <summary>The policy that an operator put in the place of the one that ships with the server. There is at most one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Modules">Its files.</param>
public sealed record AuthorizationPolicy(string Id, Sequence<PolicyModule> Modules) : Resource(Id, Place)
{
    private const string Key = "authorization";
    private const int MaxModules = 20;

    /// <summary>The most characters of all files together.</summary>
    public const int MaxText = 256 * 1024;

    /// <summary>Where it is found.</summary>
    public static ResourceName Place { get; } = new(ResourceKind.Policy, "", Key);

    /// <summary>The files of the policy that ships with the server.</summary>
    public static Sequence<PolicyModule> Shipped { get; } =
    [new PolicyModule("halyard.rego", Roles.ShippedPolicy.Read("halyard.rego"))];

    /// <summary>Reads <c>modules</c>, and reports all that is wrong with their form.</summary>
    public static Sequence<PolicyModule> ReadModules(JsonCursor json)
    {
        var modules = json.List("modules", MaxModules, required: true, minCount: 1).Select(ReadModule).ToSequence();
        if (modules.Sum(module => (long)module.Text.Length) > MaxText)
            json["modules"].Problem($"must have at most {MaxText} characters together");
        foreach (var twice in modules.GroupBy(module => module.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            json["modules"].Problem($"has two files named '{twice.Key}'");
        return modules;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of a policy: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Policy)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var policy = new AuthorizationPolicy(json.RequiredString("id", int.MaxValue), ReadModules(json));
        return problems.Count == 0 ? policy : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        writer.WriteStartArray("modules");
        foreach (var module in Modules)
        {
            writer.WriteStartObject();
            writer.WriteString("name", module.Name);
            writer.WriteString("text", module.Text);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static PolicyModule ReadModule(JsonCursor json)
    {
        json.IsObject("name", "text");
        return new PolicyModule(json.RequiredKey("name"), json.RequiredString("text", MaxText));
    }
}
