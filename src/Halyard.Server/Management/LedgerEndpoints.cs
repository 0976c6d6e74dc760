using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Management;

/// <summary>Says how far the log is published and anchored, and proves that it only grew.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/ledger/status", StatusAsync)
            .WithName("getLedgerStatus")
            .WithSummary("How far the log is published and anchored, and what went wrong last.")
            .Reads("audit.read")
            .Produces<LedgerStatusAnswer>();
        routes
            .MapGet("/ledger/consistency", ConsistencyAsync)
            .WithName("getConsistency")
            .WithSummary("Proves that the log of ?from= entries is where that of ?to= begins; without to, the newest checkpoint.")
            .Reads("audit.read")
            .Produces<ConsistencyAnswer>();
    }

    private static async Task<IResult> StatusAsync(
        HttpContext context,
        IStore store,
        LedgerStatus status,
        Anchors anchors,
        ISigner signer
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var head = await store.HeadAsync(tenant, context.RequestAborted);
        if (head is null)
            return Problems.NotFound("log", tenant);
        var publishing = status.Of(tenant);
        var answer = new LedgerStatusAnswer
        {
            Log = head.Origin,
            Size = head.Range.Size,
            Published = publishing is { Log: { Size: > 0 } log, At: { } at }
                ? new CheckpointAnswer(log.Size, log.Root.ToString(), at)
                : null,
            Keys = await KeysAsync(signer, context.RequestAborted),
            Alarm = publishing.Alarm,
            LastError = publishing.Error,
            Anchors = [.. anchors.All.Select(anchor => Answer(anchor.Name, status.Of(tenant, anchor.Name), head.Range.Size))],
        };
        return TypedResults.Json(answer, ContractJson.Wire.LedgerStatusAnswer);
    }

    private static AnchorAnswer Answer(string name, AnchorStatus anchor, long size) =>
        new()
        {
            Name = name,
            Size = anchor.Size,
            Lag = size - (anchor.Size ?? 0),
            LastSuccessAt = anchor.At,
            Alarm = anchor.Alarm,
            LastError = anchor.Error,
        };

    private static async ValueTask<IReadOnlyList<string>> KeysAsync(ISigner signer, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await signer.KeysAsync(cancellationToken)).Select(key => key.ToString())];
        }
        catch (HttpRequestException)
        {
            // The status is asked for when something is wrong; that the signer is away stands in lastError.
            return [];
        }
    }

    private static async Task<IResult> ConsistencyAsync(HttpContext context, ProofReader proofs, PublishedReader published)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "from", "to");
        var from = Size(context, "from", problems);
        var to = Size(context, "to", problems);
        if (from is null && problems.Count == 0)
            problems.Add(new FieldProblem("/from", "is required: the earlier size"));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        to ??= (await published.NewestAsync(tenant, context.RequestAborted))?.Size;
        var proof = to is null ? null : await proofs.ProveGrowthAsync(tenant, from!.Value, to.Value, context.RequestAborted);
        if (proof is null)
            return Problems.NotFound("log of these sizes", $"{from} to {to}");
        var answer = new ConsistencyAnswer
        {
            Log = proof.Log,
            From = proof.From,
            FromRoot = proof.FromRoot.ToString(),
            To = proof.To,
            ToRoot = proof.ToRoot.ToString(),
            Hashes = [.. proof.Hashes.Select(hash => hash.ToString())],
            Checkpoint = await published.OfSizeAsync(tenant, proof.Log, proof.To, context.RequestAborted),
        };
        return TypedResults.Json(answer, ContractJson.Wire.ConsistencyAnswer);
    }

    private static long? Size(HttpContext context, string name, List<FieldProblem> problems)
    {
        if (Paging.Text(context, name) is not { } text)
            return null;
        if (long.TryParse(text, System.Globalization.NumberStyles.None, null, out var size))
            return size;
        problems.Add(new FieldProblem($"/{name}", "must be a whole number, the size of a tree"));
        return null;
    }
}
