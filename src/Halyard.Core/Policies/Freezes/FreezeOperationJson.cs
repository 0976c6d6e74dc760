using System.Text.Json.Nodes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Freezes;

/// <summary>Operations of freezes as JSON: the form in which they can wait for approval.</summary>
public static class FreezeOperationJson
{
    private const string Create = "createFreeze";
    private const string Update = "updateFreeze";
    private const string Delete = "deleteFreeze";

    /// <summary>Whether a name is one of theirs.</summary>
    public static bool Knows(string name) => name is Create or Update or Delete;

    /// <summary>The operation in the form in which it can wait.</summary>
    /// <param name="operation">One of theirs.</param>
    /// <param name="settings">An object that holds the settings; ignored for a deletion.</param>
    public static Operation Written(Operation operation, JsonObject settings)
    {
        var (name, key) = operation switch
        {
            CreateFreeze create => (Create, create.Key),
            UpdateFreeze update => (Update, update.Key),
            DeleteFreeze delete => (Delete, delete.Key),
            _ => throw new ArgumentException("It is no operation of a freeze.", nameof(operation)),
        };
        var source = new JsonObject { ["op"] = name, ["key"] = key };
        foreach (var member in name == Delete ? [] : FreezeJson.Members.Where(settings.ContainsKey))
            source[member] = settings[member]?.DeepClone();
        return operation with { Source = source.ToJsonString() };
    }

    /// <summary>Reads what <see cref="Written"/> wrote.</summary>
    public static Operation Read(JsonCursor json)
    {
        var key = json.RequiredKey("key");
        return json.RequiredString("op", Limits.Identifier) switch
        {
            Create => new CreateFreeze(key, FreezeJson.ReadSettings(json)),
            Update => new UpdateFreeze(key, FreezeJson.ReadSettings(json)),
            _ => new DeleteFreeze(key),
        };
    }
}
