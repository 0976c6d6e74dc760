using System.Text.Json;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Jobs;

namespace Halyard.Server.Checks;

/// <summary>
/// Compares a tenant's log with everything beside it, as <c>store diff</c> does, while the server runs. What differs is an entry of
/// its own, which sinks can alert about.
/// </summary>
internal sealed partial class CheckJob(IStore store, PersonalVault vault, ILogger<CheckJob> logger) : IJobKind
{
    /// <summary>The kind's name.</summary>
    public const string Name = "check";

    /// <summary>How many differences the entry names; the comparison itself stops at <see cref="StoreDiff.MaxDifferences"/>.</summary>
    private const int MaxNamed = 10;
    private const int MaxWords = 500;
    private const long EntriesBetweenSaves = 20_000;

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public async ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var saved = 0L;
        var result = await new StoreDiff(store, vault).RunAsync(job.Tenant, SaveAsync, cancellationToken);
        if (!result.IsComplete)
            return JobEnd.Failed("check.incomplete", "changes came faster than they could be compared");
        return result.Differences.Count == 0
            ? new JobEnd(JobStatus.Finished, $"{result.Entries} entries compared; the store is what the log says")
            : Differs(job, result);

        async ValueTask SaveAsync(long done, long total)
        {
            if (done < saved + EntriesBetweenSaves && done < total)
                return;
            saved = done;
            // It begins anew wherever it is carried on: what was compared may have been changed since.
            await job.SaveAsync(done, total, JsonSerializer.SerializeToElement(0, CheckJson.Default.Int32), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Abandon(Job job)
    {
        // It makes nothing that could be left behind.
    }

    private JobEnd Differs(Job job, StoreDiffResult result)
    {
        var more = result.Differences.Count > 1 ? $" and {result.Differences.Count - 1} more" : "";
        var words = $"the store is not what the log says: {Named(result.Differences[0])}{more}";
        var details = new CanonicalWriter(1_024).StartObject();
        details.Name("differences").StartArray();
        foreach (var difference in result.Differences.Take(MaxNamed))
            details.String(Named(difference));
        details.EndArray();
        details.Name("entries").Number(result.Entries);
        details.Name("total").Number(result.Differences.Count);
        DoesNotVerify(job.Tenant, words);
        var json = JsonSerializer.Deserialize(details.EndObject().ToArray(), CheckJson.Default.JsonElement);
        return new JobEnd(
            JobStatus.Finished,
            $"{result.Entries} entries compared; {words}",
            Result: json,
            Events: [new JobEvent("log.verification_failed", words, json)]
        );
    }

    [LoggerMessage(LogLevel.Critical, "The log of '{Tenant}' does not verify: {Words}")]
    private partial void DoesNotVerify(string tenant, string words);

    /// <summary>Where and what, but no content: a difference may be a personal value, which the log could not forget.</summary>
    private static string Named(StoreDifference difference)
    {
        var place = (difference.Index, difference.Resource) switch
        {
            ({ } index, { } resource) => $"entry {index}: {resource}",
            ({ } index, null) => $"entry {index}",
            (null, { } resource) => resource.ToString(),
            _ => difference.Message,
        };
        return Excerpt.Of(place, MaxWords);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(int))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class CheckJson : System.Text.Json.Serialization.JsonSerializerContext;
