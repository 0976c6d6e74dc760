using System.Text;
using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>One question put to both evaluators.</summary>
internal sealed record Case(EnvironmentDefinition Environment, NaiveContext Context, DateTimeOffset Now, string Flag)
{
    /// <summary>What differs, in words; null where both say the same.</summary>
    public string? Disagreement(CompiledSnapshot snapshot, NaiveCheck check, EvaluationContext context, out NaiveAnswer expected)
    {
        var naive = new NaiveEvaluator(Environment, check, Context, Now);
        expected = naive.Evaluate(Flag);
        var answer = NaiveAnswer.From(Evaluator.Evaluate(snapshot, Flag, context, Now));
        if (answer != expected)
            return $"the engine says {answer}, the specification {expected}";
        var explanation = Evaluator.Explain(snapshot, Flag, context, Now);
        return ExplanationCheck.Problem(explanation, this, expected, naive.Conditions);
    }

    /// <summary>What differs, from the start: compiles anew, as shrinking must.</summary>
    public string? Disagreement() =>
        Disagreement(SnapshotCompiler.Compile(Environment).Snapshot, new NaiveCheck(Environment), Context.ToEngine(), out _);

    public override string ToString()
    {
        var text = new StringBuilder($"flag {Flag} at {Now:O}\ncontext {Context}\n");
        foreach (var (flag, configuration, _) in Environment.Flags)
            text.AppendLine(
                $"{flag.Key} {flag.Status} salt {flag.Salt ?? "none"}: {Json(configuration, DefinitionJson.WriteEnvironment)}"
            );
        foreach (var segment in Environment.Segments)
            text.AppendLine(Json(segment, DefinitionJson.WriteSegment));
        return text.ToString();
    }

    private static string Json<T>(T value, Action<System.Text.Json.Utf8JsonWriter, T> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
            write(writer, value);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
