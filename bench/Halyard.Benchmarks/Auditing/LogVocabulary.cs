namespace Halyard.Benchmarks.Auditing;

/// <summary>What the generated log talks about: a mix as an organisation of some hundred people leaves it in years.</summary>
internal static class LogVocabulary
{
    public const int Projects = 20;
    public const int FlagsPerProject = 150;
    public const int Actors = 400;
    public const int Tickets = 40_000;
    public const int RareWords = 20_000;

    public static readonly string[] Environments = ["production", "staging", "development"];

    /// <summary>Actions with what they say of a flag; the more often one occurs, the more often it stands here.</summary>
    public static readonly (string Action, string Words)[] Changes =
    [
        ("flag.enabled", "switched on"),
        ("flag.enabled", "switched on"),
        ("flag.disabled", "switched off"),
        ("flag.disabled", "switched off"),
        ("flag.rollout_changed", "rollout changed: on 25 % (was 10 %), off 75 % (was 90 %)"),
        ("flag.rollout_changed", "rollout changed: on 50 % (was 25 %), off 50 % (was 75 %)"),
        ("flag.rule_added", "rule 'beta-testers' added: serves 'on' where plan is one of 'pro', 'team'"),
        ("flag.targeting_changed", "conditions of rule 'beta-testers' changed: country is one of 'de', 'at', 'ch'"),
        ("flag.variant_updated", "variant 'on' changed from 'blue' to 'green'"),
        ("flag.updated", "description changed"),
    ];

    private static readonly string[] Common =
    [
        "trying",
        "the",
        "new",
        "checkout",
        "with",
        "payments",
        "team",
        "rollback",
        "after",
        "incident",
        "metrics",
        "look",
        "good",
        "customer",
        "asked",
        "for",
        "it",
        "and",
        "release",
        "train",
        "canary",
        "is",
        "stable",
        "enable",
        "cleanup",
        "old",
    ];

    private static readonly string[] Subjects =
    [
        "checkout",
        "pricing",
        "search",
        "login",
        "basket",
        "invoice",
        "shipping",
        "banner",
        "export",
        "import",
    ];

    private static readonly string[] Kinds = ["redesign", "v2", "experiment", "limit", "fallback", "cache", "retry", "banner"];

    public static string Project(int number) => $"project-{number}";

    public static string Actor(int number) => $"s_{number:x4}8z6m0a4w9q3k7v5x2c1b";

    public static string Flag(int number) => $"{Subjects[number % Subjects.Length]}-{Kinds[number % Kinds.Length]}-{number}";

    public static string Ticket(Random random) => $"SHOP-{random.Next(Tickets)}";

    /// <summary>A word that some fifty of a million reasons have.</summary>
    public static string RareWord(Random random) => $"{Subjects[random.Next(Subjects.Length)]}{random.Next(RareWords):x}";

    public static string Reason(Random random)
    {
        var words = Enumerable.Range(0, random.Next(4, 12)).Select(_ => Common[random.Next(Common.Length)]);
        return string.Join(' ', random.Next(5) == 0 ? words.Append(RareWord(random)) : words);
    }
}
