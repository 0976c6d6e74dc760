using System.Globalization;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Evaluation;
using Halyard.Server.Management;

namespace Halyard.Server.Reports;

/// <summary>What is known of the users asked about.</summary>
/// <param name="Context">As the engine reads it.</param>
/// <param name="Attributes">As the answer repeats it, in the order given.</param>
internal sealed record ReportFacts(EvaluationContext Context, IReadOnlyList<FactAnswer> Attributes)
{
    /// <summary>The most attributes of one question.</summary>
    public const int MaxAttributes = 20;

    /// <summary>UTF-16 code units of an attribute's name, of its value, and of a targeting key.</summary>
    public const int MaxText = 512;

    private static readonly string[] Types = ["string", "number", "boolean"];

    /// <summary>Reads <c>targetingKey</c> and any number of <c>attribute=name:type:value</c>.</summary>
    public static ReportFacts Read(HttpContext context, List<FieldProblem> problems)
    {
        var key = Paging.Text(context, "targetingKey");
        if (key?.Length > MaxText)
            problems.Add(new FieldProblem("/targetingKey", $"must have at most {MaxText} characters"));
        var builder = new EvaluationContextBuilder(key);
        var facts = new List<FactAnswer>();
        var given = context.Request.Query["attribute"];
        if (given.Count > MaxAttributes)
            problems.Add(new FieldProblem("/attribute", $"may be given at most {MaxAttributes} times"));
        foreach (var text in given.Take(MaxAttributes))
        {
            if (Parse(text ?? "") is not { } fact || !TrySet(builder, fact))
                problems.Add(
                    new FieldProblem(
                        "/attribute",
                        "must be name:type:value, such as plan:string:enterprise; types are string, number, boolean"
                    )
                );
            else if (fact.Name == "targetingKey")
                problems.Add(new FieldProblem("/attribute", "the targeting key is asked for with targetingKey"));
            else if (facts.Exists(other => other.Name == fact.Name))
                problems.Add(new FieldProblem("/attribute", $"names '{fact.Name}' more than once"));
            else
                facts.Add(fact);
        }
        return new ReportFacts(builder.Build(), facts);
    }

    /// <summary>Splits at the first type between two colons, so that names and values may hold colons.</summary>
    private static FactAnswer? Parse(string text)
    {
        for (var i = 1; i < text.Length && i <= MaxText; i++)
        {
            if (text[i] != ':')
                continue;
            var rest = text.AsSpan(i + 1);
            foreach (var type in Types)
            {
                if (rest.StartsWith(type, StringComparison.Ordinal) && rest.Length > type.Length && rest[type.Length] == ':')
                    return new FactAnswer(text[..i], type, rest[(type.Length + 1)..].ToString());
            }
        }
        return null;
    }

    private static bool TrySet(EvaluationContextBuilder builder, FactAnswer fact)
    {
        if (fact.Value.Length > MaxText)
            return false;
        switch (fact.Type)
        {
            case "number":
                var isNumber = double.TryParse(fact.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
                builder.Set(fact.Name, number);
                return isNumber && double.IsFinite(number);
            case "boolean":
                builder.Set(fact.Name, fact.Value == "true");
                return fact.Value is "true" or "false";
            default:
                builder.Set(fact.Name, fact.Value);
                return true;
        }
    }
}
