using System.Collections.Frozen;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Hosting;

namespace Halyard.Server.Management;

/// <summary>Marks endpoints whose answers are recorded, with the type of the entry.</summary>
/// <param name="Type"><c>log.viewed</c> or <c>flag.viewed</c>.</param>
internal sealed record RecordedRead(string Type);

/// <summary>Records who read what. The entry is durable before the answer leaves: there is no read that the log does not know of.</summary>
internal static class RecordedReads
{
    private const int MaxValue = 256;

    // Of anything else the name alone is written: what people search for may name a person, and the log could not forget it.
    private static readonly FrozenDictionary<string, Func<string, bool>> Written = new Dictionary<string, Func<string, bool>>
    {
        ["action"] = IsUnderstood,
        ["actor"] = SubjectIds.IsId,
        ["actorKind"] = IsUnderstood,
        ["at"] = IsUnderstood,
        ["changeRequest"] = JsonCursor.IsKey,
        ["environment"] = JsonCursor.IsKey,
        ["flag"] = JsonCursor.IsKey,
        ["format"] = IsUnderstood,
        ["from"] = IsUnderstood,
        ["import"] = JsonCursor.IsKey,
        ["imported"] = IsUnderstood,
        ["incident"] = JsonCursor.IsKey,
        ["key"] = JsonCursor.IsKey,
        ["kind"] = IsUnderstood,
        ["limit"] = IsUnderstood,
        ["project"] = JsonCursor.IsKey,
        ["resource"] = JsonCursor.IsKey,
        ["reveal"] = IsUnderstood,
        ["size"] = IsUnderstood,
        ["succeeded"] = IsUnderstood,
        ["ticket"] = JsonCursor.IsKey,
        ["to"] = IsUnderstood,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Records reads of the audit log.</summary>
    public static RouteHandlerBuilder RecordsLogViews(this RouteHandlerBuilder builder) => builder.Records("log.viewed");

    /// <summary>Records reads of flags.</summary>
    public static RouteHandlerBuilder RecordsFlagViews(this RouteHandlerBuilder builder) => builder.Records("flag.viewed");

    private static RouteHandlerBuilder Records(this RouteHandlerBuilder builder, string type) =>
        builder
            .WithMetadata(new RecordedRead(type))
            .AddEndpointFilter(
                async (invocation, next) =>
                {
                    var answer = await next(invocation);
                    var context = invocation.HttpContext;
                    var options = context.RequestServices.GetRequiredService<HalyardOptions>();
                    return options.Records(type) && Shows(answer) ? await RecordAsync(context, type) ?? answer : answer;
                }
            );

    /// <summary>A refusal shows nothing.</summary>
    private static bool Shows(object? answer) => answer is not IStatusCodeHttpResult { StatusCode: >= 400 };

    /// <summary>Records the read; what comes back is to be answered instead.</summary>
    private static async Task<IResult?> RecordAsync(HttpContext context, string type)
    {
        var caller = context.Caller();
        var project = context.GetRouteValue("project") as string ?? "";
        var address = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText!;
        var happened = new ChangeEvent(type, Words(context, type))
        {
            // Who read the log of a flag did nothing to the flag: its history is not the place to look for them.
            About = type == "flag.viewed" && context.GetRouteValue("flag") is string flag ? [Flag.NameOf(project, flag)] : [],
            Details = Details(context, address),
            WasRead = true,
        };
        var action = context.GetEndpoint()!.Metadata.GetRequiredMetadata<AccessRule>().Action!;
        var changes = context.RequestServices.GetRequiredService<ChangeService>();
        var submission = new Submission(caller.Actor, caller.Request, Change.Record(action, project, happened));
        var result = await changes.SubmitAsync(submission, context.RequestAborted);
        return !result.TryGet(out var outcome, out var error) ? Problems.Of(error)
            : outcome is Outcome.Applied ? null
            : Submissions.Answer(outcome);
    }

    private static string Words(HttpContext context, string type) =>
        type == "flag.viewed" && context.GetRouteValue("flag") is string flag ? $"flag '{flag}' looked at"
        : (context.GetRouteValue("entry") ?? context.GetRouteValue("index")) is { } entry ? $"audit entry {entry} read"
        : type == "log.viewed" ? "audit log read"
        : "flags looked at";

    private static byte[] Details(HttpContext context, string address)
    {
        var writer = new CanonicalWriter(256).StartObject();
        writer.Name("address").String(address);
        writer.Name("query").StartObject();
        foreach (var (name, value) in context.Request.Query.OrderBy(item => item.Key, StringComparer.Ordinal))
            writer.Name(name).String(IsWritten(name, value.ToString()) ? value.ToString() : null);
        writer.EndObject();
        writer.Name("route").StartObject();
        foreach (var (name, value) in context.Request.RouteValues.OrderBy(item => item.Key, StringComparer.Ordinal))
            writer.Name(name).String(JsonCursor.IsKey(value?.ToString()) ? value!.ToString() : null);
        writer.EndObject();
        return writer.EndObject().ToArray();
    }

    private static bool IsWritten(string name, string value) =>
        value.Length <= MaxValue && Written.TryGetValue(name, out var isHarmless) && isHarmless(value);

    /// <summary>A time, a number or one of a few words: a read with anything else there is refused, and not recorded.</summary>
    private static bool IsUnderstood(string value) => true;
}
