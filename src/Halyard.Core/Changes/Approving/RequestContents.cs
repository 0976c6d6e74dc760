using System.Text.Json;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Freezes;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Approving;

/// <summary>Turns a step of a change into the content of a request, and back.</summary>
internal static class RequestContents
{
    /// <summary>Whether every operation came in as JSON, which is the form in which it can wait.</summary>
    public static bool CanWait(IReadOnlyList<Operation> operations) => operations.All(operation => operation.Source.Length > 0);

    /// <summary>The content: the operations, what they were prepared on, what they touch and reach.</summary>
    public static Result<RequestContent> Of(
        IReadOnlyList<Operation> operations,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments,
        ScheduleWindow? window
    ) =>
        RequestContent.Of(
            operations.Select(RequestContent.TextOf),
            edits.Select(edit => new ResourceBase(edit.Name, edit.Before?.Revision ?? 0)),
            edits.SelectMany(Touched),
            Targets(environments, edits),
            window
        );

    /// <summary>The environments as a request names them: those that it creates have no id before it is applied.</summary>
    public static IEnumerable<TargetEnvironment> Targets(
        IReadOnlyList<ProjectEnvironment> environments,
        IReadOnlyList<ResourceEdit> edits
    )
    {
        var created = edits.Where(edit => edit.Before is null).Select(edit => edit.Name).ToHashSet();
        return environments.Select(environment => new TargetEnvironment(
            environment.Key,
            created.Contains(environment.Name) ? TargetEnvironment.Created : environment.Id,
            environment.Type
        ));
    }

    /// <summary>The operations of a request, as they were sent.</summary>
    /// <exception cref="InvalidDataException">One is none: the store is damaged, for it was read from this very text.</exception>
    public static IReadOnlyList<Operation> OperationsOf(RequestContent content) => [.. content.Operations.Select(Read)];

    /// <summary>The operations, or <see langword="null"/> where one cannot be read any more, because what was personal in it was erased.</summary>
    public static IReadOnlyList<Operation>? ReadableOf(RequestContent content)
    {
        try
        {
            return OperationsOf(content);
        }
        catch (Exception erased) when (erased is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What the authorizer is asked about where they are done.</summary>
    public static string ActionOf(IReadOnlyList<Operation> operations) =>
        operations[0] switch
        {
            CreateFreeze => "freeze.create",
            UpdateFreeze => "freeze.update",
            DeleteFreeze => "freeze.delete",
            var other => GoverningOperations.ActionOf(other) ?? Actions.Submit,
        };

    /// <summary>One operation, as it was sent.</summary>
    /// <exception cref="InvalidDataException">It is none: the store is damaged.</exception>
    public static Operation OperationOf(string text) => Read(text);

    /// <summary>The places that differ between two documents.</summary>
    public static IEnumerable<string> Pointers(byte[] before, byte[] after)
    {
        using var patch = JsonDocument.Parse(JsonPatch.DiffUnverifiedCanonical(before, after));
        return [.. patch.RootElement.EnumerateArray().Select(item => item.GetProperty("path").GetString()!)];
    }

    private static IEnumerable<TouchedPath> Touched(ResourceEdit edit) =>
        edit is { Before: { } before, After: { } after }
            ? Pointers(before.Document, after.ToDocument())
                .Where(IsOfMeaning)
                .Select(pointer => new TouchedPath(edit.Name, pointer))
            : [new TouchedPath(edit.Name, "")];

    // Stamps of revisions change with whatever changes; they are no place that two changes could quarrel about.
    internal static bool IsOfMeaning(string pointer) => !pointer.EndsWith("/changedIn", StringComparison.Ordinal);

    private static Operation Read(string text)
    {
        using var parsed = JsonDocument.Parse(text);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement.Clone(), problems);
        var name = json.RequiredString("op", Limits.Identifier);
        var operation =
            GoverningOperations.Read(name, json, text)
            ?? (FreezeOperationJson.Knows(name) ? FreezeOperationJson.Read(json) : OperationJson.Read(json));
        operation = operation is null ? null : operation with { Source = text };
        return problems.Count == 0 && operation is not null
            ? operation
            : throw new InvalidDataException("An operation of a change request cannot be read.");
    }
}
