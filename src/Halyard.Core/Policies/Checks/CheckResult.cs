namespace Halyard.Core.Policies.Checks;

/// <summary>What a check came to. Whatever could not be seen is inconclusive, and holds up as a failure does.</summary>
public enum CheckResult
{
    Inconclusive,
    Fail,
    Pass,
}

/// <summary>What a check came to, and why.</summary>
/// <param name="Result">The result.</param>
/// <param name="Words">Why, in words; empty where it passed.</param>
public sealed record CheckOutcome(CheckResult Result, string Words)
{
    /// <summary>It passed.</summary>
    public static CheckOutcome Passed { get; } = new(CheckResult.Pass, "");

    /// <summary>Nothing can be said.</summary>
    public static CheckOutcome Unknown(string words) => new(CheckResult.Inconclusive, words);

    /// <summary>It failed.</summary>
    public static CheckOutcome Failed(string words) => new(CheckResult.Fail, words);

    /// <summary>All of them: fails where one fails, passes where all pass and there is one at all.</summary>
    public static CheckOutcome All(IReadOnlyCollection<CheckOutcome> outcomes)
    {
        if (outcomes.Count == 0)
            return Unknown("nothing was measured");
        var words = string.Join("; ", outcomes.Where(item => item.Result != CheckResult.Pass).Select(item => item.Words));
        return outcomes.Any(item => item.Result == CheckResult.Fail) ? Failed(words)
            : outcomes.All(item => item.Result == CheckResult.Pass) ? Passed
            : Unknown(words);
    }
}
