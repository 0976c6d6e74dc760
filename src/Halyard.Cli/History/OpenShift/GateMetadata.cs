using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Cli.History.OpenShift;

/// <summary>What is known of a gate beside its history.</summary>
/// <param name="Owner">Pseudonym of who answers for it.</param>
/// <param name="Component">The part of the product it belongs to.</param>
/// <param name="Proposal">A link to the enhancement proposal, or the word that stands for none.</param>
internal sealed record GateMetadata(string Owner, string Component, string Proposal)
{
    /// <summary>Reads the metadata of all gates: an object by gate.</summary>
    /// <exception cref="ConversionException">It is not that.</exception>
    public static IReadOnlyDictionary<string, GateMetadata> Read(ReadOnlySpan<byte> file)
    {
        if (!CanonicalJson.TryCanonicalize(file, out var canonical, out var problem))
            throw new ConversionException($"the metadata is not acceptable JSON: {problem}");
        using var document = JsonDocument.Parse(canonical);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ConversionException("the metadata is not an object of gates");
        var problems = new List<DefinitionProblem>();
        var all = JsonCursor.Root(document.RootElement, problems);
        var read = new Dictionary<string, GateMetadata>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var json = all[member.Name];
            read[member.Name] = new GateMetadata(
                json.RequiredString("owner", Limits.Identifier),
                json.RequiredString("component", Limits.Identifier),
                json.RequiredString("proposal", Limits.Identifier * 2)
            );
        }
        return problems.Count == 0
            ? read
            : throw new ConversionException($"the metadata: {problems[0].Message} (at '{problems[0].Pointer}')");
    }
}
