using System.Text.Json;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Server.Gates;

/// <summary>
/// The answer of a check service: <c>check</c> and <c>content</c> as they were asked, <c>observedAt</c>, and <c>result</c> or
/// <c>measures</c>. Read strictly: an answer about something else, of another time, or of another form is none.
/// </summary>
internal static class ServiceAnswer
{
    private const int MaxDepth = 4;

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>What it says.</summary>
    public static Pulled Read(ReadOnlyMemory<byte> body, CheckDefinition check, CheckQuestion question, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Read(document.RootElement, check, question, now);
        }
        catch (JsonException)
        {
            return Unknown("the answer is no JSON, or says something twice", now);
        }
    }

    private static Pulled Read(JsonElement root, CheckDefinition check, CheckQuestion question, DateTimeOffset now)
    {
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(root, problems);
        if (!json.IsObject("check", "content", "observedAt", "result", "measures") || problems.Count > 0)
            return Unknown("the answer has not the form of one", now);
        var about = (
            Check: json.RequiredString("check", Limits.Identifier),
            Content: json.RequiredString("content", Limits.Text)
        );
        var observed = json.OptionalTime("observedAt");
        if (problems.Count > 0 || observed is not { } at)
            return Unknown("the answer does not say what it is about, or when it was seen", now);
        if (about.Check != question.Check || !Digest.TryParse(about.Content, out var value) || value != question.Subject.Value)
            return Unknown("the answer is about something else", now);
        if (at > now + Ahead || at <= now - check.Settings.ValidFor)
            return Unknown($"the answer was seen at {Rfc3339.Format(at)}, which is too long ago or has not come yet", now);
        return ReportReader.Judge(json, check, problems) is var (outcome, measures) && problems.Count == 0
            ? new Pulled(outcome, at, measures)
            : Unknown("the answer has not the form of one", now);
    }

    private static Pulled Unknown(string why, DateTimeOffset now) => new(CheckOutcome.Unknown(why), now, []);
}
