using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Loading;

/// <summary>
/// Loads approval policies: YAML of <c>apiVersion: featureflags/v1</c>, <c>kind: ApprovalPolicy</c>. Whatever is not known is refused,
/// and all that is wrong is reported at once with line and column. docs/approval-policies.md describes the form.
/// </summary>
public static class PolicyLoader
{
    /// <summary>The one version of the form.</summary>
    public const string ApiVersion = "featureflags/v1";

    /// <summary>The one kind of document.</summary>
    public const string Kind = "ApprovalPolicy";

    /// <summary>The most rules of a policy.</summary>
    public const int MaxRules = 200;

    /// <summary>The most problems that are reported.</summary>
    public const int MaxProblems = 200;

    private const int MaxDescription = 1_024;

    /// <summary>Loads one policy.</summary>
    /// <param name="yaml">The document in UTF-8.</param>
    /// <param name="vocabulary">The roles and checks that it may name.</param>
    public static PolicyLoading Load(ReadOnlySpan<byte> yaml, PolicyVocabulary vocabulary)
    {
        var problems = new List<PolicyProblem>();
        var policy = YamlTree.Read(yaml, problems) is { } root
            ? Policy(YamlCursor.Root(root, problems), vocabulary, Digest.Of(yaml))
            : null;
        if (policy is null || problems.Count > 0)
            return new PolicyLoading(null, [.. problems.OrderBy(problem => problem.Line).Take(MaxProblems)], []);
        return new PolicyLoading(policy, [], RuleNotes.On(policy));
    }

    private static ApprovalPolicy? Policy(YamlCursor document, PolicyVocabulary vocabulary, Digest digest)
    {
        if (!document.IsMap("apiVersion", "kind", "metadata", "spec"))
        {
            if (document.Node is not YamlNode.Map)
                return null;
        }
        document.Required("apiVersion").Choice([ApiVersion]);
        document.Required("kind").Choice([Kind]);
        var (metadata, spec) = (document.Required("metadata"), document.Required("spec"));
        metadata.IsMap("name", "description");
        var name = Names.Read(metadata.Required("name"));
        var description = metadata["description"].Text(MaxDescription) ?? "";
        spec.IsMap("match", "rules");
        var match = spec["match"].Choice(WireNames.All<RuleMatch>());
        var rules = Rules(spec.Required("rules"), vocabulary);
        return new ApprovalPolicy(
            name,
            description,
            match is not null && WireNames.TryParse<RuleMatch>(match, out var parsed) ? parsed : RuleMatch.Strictest,
            rules,
            digest
        );
    }

    private static Sequence<ApprovalRule> Rules(YamlCursor list, PolicyVocabulary vocabulary)
    {
        var rules = new List<ApprovalRule>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items(MaxRules))
        {
            if (RuleReader.Read(item, vocabulary) is not { } rule)
                continue;
            if (rule.Name.Length > 0 && !names.Add(rule.Name))
                item["name"].Problem($"'{rule.Name}' is the name of another rule too");
            rules.Add(rule);
        }
        if (list.Node is YamlNode.List { Items.Count: 0 })
            list.Problem("must have at least one rule");
        return rules.ToSequence();
    }
}
