using System.Text.Json;
using Halyard.Cli.Importing.JsonLogic;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Flagd;

/// <summary>
/// Turns flagd's targeting into ordered rules. The logic is walked as a tree of decisions: every leaf becomes rules under the
/// conditions on the way to it, and since each branch is closed by a rule for whatever is left in it, what comes later need
/// not repeat that the earlier did not hold.
/// </summary>
internal sealed class TargetingReader
{
    private readonly LogicReader _logic;
    private readonly FractionalReader _fractional;
    private readonly IReadOnlySet<string> _variants;
    private readonly string? _default;
    private readonly List<Gap> _gaps;
    private readonly RuleList _rules = new();

    private TargetingReader(
        string key,
        JsonElement? evaluators,
        IReadOnlySet<string> variants,
        string? defaultVariant,
        List<Gap> gaps
    )
    {
        _logic = new LogicReader(gaps, evaluators, key);
        _fractional = new FractionalReader(key, variants, _logic, gaps);
        _variants = variants;
        _default = defaultVariant;
        _gaps = gaps;
    }

    /// <summary>The configuration; exact only where no gap was added.</summary>
    public static FlagEnvironment Read(
        string key,
        JsonElement? targeting,
        string pointer,
        JsonElement? evaluators,
        IReadOnlySet<string> variants,
        string? defaultVariant,
        List<Gap> gaps
    )
    {
        var reader = new TargetingReader(key, evaluators, variants, defaultVariant, gaps);
        if (targeting is { } logic && FlagdFlagReader.IsNotEmpty(logic))
            reader.Decide([], logic, pointer);
        else
            reader.ServeDefault([], pointer);
        return reader.Finish(pointer);
    }

    /// <summary>Adds rules for everybody to whom <paramref name="path"/> applies and no rule before.</summary>
    private void Decide(Sequence<Condition> path, JsonElement logic, string pointer)
    {
        if (_rules.IsOverfull || !_logic.TryEnter(pointer))
            return;
        (logic, pointer) = _logic.Resolve(logic, pointer);
        switch (logic.ValueKind)
        {
            case JsonValueKind.Null:
                ServeDefault(path, pointer);
                break;
            case JsonValueKind.String:
                ServeVariant(path, logic.GetString()!, pointer);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                ServeVariant(path, logic.ValueKind == JsonValueKind.True ? "true" : "false", pointer);
                break;
            case JsonValueKind.Object when LogicReader.Operation(logic) is ("if" or "?:", var branches):
                DecideBranches(path, LogicReader.Arguments(branches), SourceDocument.Below(pointer, "if"));
                break;
            case JsonValueKind.Object when LogicReader.Operation(logic) is ("fractional", var arguments):
                Split(path, arguments, SourceDocument.Below(pointer, "fractional"));
                break;
            case JsonValueKind.Object when _logic.AnswersTruth(logic, pointer):
                ServeWhere(path, _logic.Holds(logic, pointer), pointer, way => ServeVariant(way, "true", pointer));
                ServeVariant(path, "false", pointer);
                break;
            case JsonValueKind.Object when _logic.IsCutOff:
                break;
            default:
                _gaps.Add(new Gap(pointer, "a result that is neither a variant's name, null, 'if' nor 'fractional'"));
                break;
        }
        _logic.Leave();
    }

    private void DecideBranches(Sequence<Condition> path, IReadOnlyList<JsonElement> branches, string pointer)
    {
        for (var i = 0; i + 1 < branches.Count; i += 2)
        {
            var (condition, then) = (SourceDocument.Below(pointer, i), SourceDocument.Below(pointer, i + 1));
            var result = branches[i + 1];
            ServeWhere(path, _logic.Holds(branches[i], condition), condition, way => Decide(way, result, then));
        }
        if (branches.Count % 2 == 1)
            Decide(path, branches[^1], SourceDocument.Below(pointer, branches.Count - 1));
        else
            ServeDefault(path, pointer);
    }

    private void ServeWhere(Sequence<Condition> path, Formula condition, string pointer, Action<Sequence<Condition>> serve)
    {
        var way = Formula.All([.. path.Select(Written), condition]);
        if (NormalForm.Of(way) is not { } alternatives)
        {
            _gaps.Add(new Gap(pointer, "a condition that needs more rules, or more conditions in a rule, than a flag may have"));
            return;
        }
        foreach (var alternative in alternatives)
            serve(alternative);
    }

    private static Formula Written(Condition condition)
    {
        var atom = new Formula.Atom(condition with { Negate = false });
        return condition.Negate ? Formula.Not(atom) : atom;
    }

    private void Split(Sequence<Condition> path, JsonElement arguments, string pointer)
    {
        if (_fractional.Read(arguments, pointer) is not { } steps)
            return;
        foreach (var serve in steps)
            _rules.Add(path, serve);
        // Nothing to hash: flagd's operation is null then.
        if (steps[^1].Rollout is not null)
            ServeDefault(path, pointer);
    }

    private void ServeVariant(Sequence<Condition> path, string variant, string pointer)
    {
        if (_variants.Contains(variant))
            _rules.Add(path, Serve.One(variant));
        else
            _gaps.Add(new Gap(pointer, $"'{variant}', which is none of the variants: flagd answers an error"));
    }

    private void ServeDefault(Sequence<Condition> path, string pointer)
    {
        if (_default is not null)
            _rules.Add(path, Serve.One(_default));
        else
            _gaps.Add(new Gap(pointer, "a result left to the caller's own default, as the flag has no default variant"));
    }

    // The rule for everybody ends the list; written as the fallthrough it says the same.
    private FlagEnvironment Finish(string pointer)
    {
        if (_rules.IsOverfull)
            _gaps.Add(new Gap(pointer, $"targeting that needs more than {Limits.Rules} rules"));
        var rules = _rules.Rules;
        var end = rules.ToList().FindIndex(rule => rule is { Conditions.Count: 0, Serve.Variant: not null });
        var last = end < 0 ? Serve.One(_default ?? _variants.First()) : rules[end].Serve;
        var kept = rules.Take(end < 0 ? rules.Count : end).ToList();
        var off = _default ?? last.Variant!;
        // A split of everybody that falls back to the off variant is what a fallthrough does by itself.
        if (kept is [.., { Conditions.Count: 0, Serve: { Rollout: not null } split }] && last.Variant == off)
        {
            kept.RemoveAt(kept.Count - 1);
            last = split;
        }
        while (kept.Count > 0 && last.Variant is not null && kept[^1].Serve == last)
            kept.RemoveAt(kept.Count - 1);
        return new FlagEnvironment(true, off, [], [], kept.ToSequence(), last);
    }
}
