using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Deciding;

/// <summary>
/// Reads the document that a policy answers with. Strict: a member, operator or shape that is not known makes the whole answer a no,
/// for what was meant to narrow must not be passed over.
/// </summary>
public static class AnswerReader
{
    private const int MaxDepth = 16;
    private const int MaxParts = 1_000;
    private const int MaxValues = 1_000;
    private const int MaxReasons = 20;
    private const int MaxReason = 1_000;

    private static readonly string[] Members = ["kind", "filter", "columns", "masks", "obligations", "reasons"];

    /// <summary>The answer, or a no that says what is wrong with it.</summary>
    /// <param name="document">What the policy answered.</param>
    /// <param name="policy">The policy's name, as the log will have it.</param>
    public static AccessPlan Read(JsonElement document, string policy)
    {
        var problems = new List<DefinitionProblem>();
        var plan = Read(JsonCursor.Root(document, problems), policy);
        return problems.Count == 0
            ? plan
            : AccessPlan.Never($"the policy's answer cannot be understood: {problems[0].Pointer} {problems[0].Message}", policy);
    }

    private static AccessPlan Read(JsonCursor json, string policy)
    {
        json.IsObject(Members);
        var kind = json.RequiredEnum<PlanKind>("kind");
        var filter = json["filter"];
        if (kind == PlanKind.When != filter.Exists)
            filter.Problem(filter.Exists ? "has no meaning here" : "is required: what is absent must not mean everything");
        // What narrows in ways that nothing here carries out would be passed over: nobody may rely on it.
        foreach (var narrowing in (ReadOnlySpan<string>)["columns", "masks", "obligations"])
        {
            if (json[narrowing].Exists && !IsEmpty(json[narrowing].Element))
                json[narrowing].Problem("is more than this server can carry out");
        }
        return new AccessPlan(
            kind,
            kind == PlanKind.When && filter.Exists ? ReadFilter(filter, 0) : null,
            [
                .. json.List("reasons", int.MaxValue)
                    .Take(MaxReasons)
                    .Select(reason => Excerpt.Of(reason.Text(int.MaxValue, 0), MaxReason)),
            ],
            policy
        );
    }

    private static ResourceFilter ReadFilter(JsonCursor json, int depth)
    {
        var operation = json.RequiredString("op", Limits.Identifier);
        if (depth == MaxDepth)
            json.Problem($"is nested deeper than {MaxDepth} levels");
        else
            switch (operation)
            {
                case "all" or "any":
                    json.IsObject("op", "of");
                    var parts = json.List("of", MaxParts, required: true).Select(part => ReadFilter(part, depth + 1)).ToList();
                    return operation == "all" ? new ResourceFilter.All(parts) : new ResourceFilter.Any(parts);
                case "not":
                    json.IsObject("op", "of");
                    return new ResourceFilter.Not(ReadFilter(json["of"], depth + 1));
                case "within":
                    json.IsObject("op", "limit", "values");
                    return new ResourceFilter.Within(
                        json.RequiredEnum<Limit>("limit"),
                        json.Strings("values", MaxValues, required: true).ToHashSet(StringComparer.Ordinal)
                    );
                default:
                    json["op"].Problem($"'{operation}' is not an operator");
                    break;
            }
        return new ResourceFilter.Any([]);
    }

    private static bool IsEmpty(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Array => element.GetArrayLength() == 0,
            JsonValueKind.Object => !element.EnumerateObject().Any(),
            _ => false,
        };
}
