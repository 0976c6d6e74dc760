using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>Ordered rules as a reader derives them, numbered <c>r_1</c>, <c>r_2</c>, ….</summary>
internal sealed class RuleList
{
    private readonly List<TargetingRule> _rules = [];

    /// <summary>The rules so far.</summary>
    public Sequence<TargetingRule> Rules => _rules.ToSequence();

    /// <summary>Whether more rules were added than a flag may have; the surplus was dropped.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Adds a rule after the others.</summary>
    public void Add(Sequence<Condition> conditions, Serve serve, string name = "", bool enabled = true)
    {
        if (_rules.Count == Limits.Rules)
            IsOverfull = true;
        else
            _rules.Add(new TargetingRule(NextId(), name, enabled, conditions, serve));
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"r_{_rules.Count + 1}");
}
