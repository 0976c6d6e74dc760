using System.Text;
using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Publishing;
using Halyard.Server.Retention;

namespace Halyard.Server.Management;

/// <summary>Gives an entry with the proof that it is in the log, to be kept and checked without a server.</summary>
internal static class ProofEndpoints
{
    private const string Json = "json";
    private const string Text = "tlog-proof";

    public static void MapProofs(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/audit/{index:long}/proof", ProofAsync)
            .WithName("getProof")
            .WithSummary(
                "The entry with its inclusion proof, as 'halyard verify-proof' reads it; ?size= names the tree, ?format=tlog-proof "
                    + "gives the text of C2SP."
            )
            .Reads("audit.read")
            .RecordsLogViews()
            .Produces(200, contentType: "application/json", additionalContentTypes: "text/plain");

    private static async Task<IResult> ProofAsync(
        HttpContext context,
        long index,
        ProofReader reader,
        PublishedReader published,
        PurgedEntries purged
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "size", "format");
        var format = Paging.Text(context, "format") ?? Json;
        if (format is not (Json or Text))
            problems.Add(new FieldProblem("/format", $"must be {Json} or {Text}"));
        var size = Size(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        // The tree of a signed checkpoint where one covers the entry: it proves more than one that nobody signed.
        if (size is null && await published.NewestAsync(tenant, context.RequestAborted) is { } newest && newest.Size > index)
            size = newest.Size;
        var proof = await reader.ProveAsync(tenant, index, size, context.RequestAborted);
        if (proof is null)
        {
            return await purged.FindAsync(tenant, index, context.RequestAborted) is { } gone
                ? Problems.Of(gone)
                : Problems.NotFound("audit entry in that tree", $"{index}");
        }
        proof = proof with { Checkpoint = await published.OfSizeAsync(tenant, proof.Log, proof.Size, context.RequestAborted) };
        if (format == Json)
            return TypedResults.Bytes(proof.ToJson(), "application/json; charset=utf-8");
        return TlogProof.Write(proof) is { } text
            ? TypedResults.Bytes(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8")
            : Problems.Of(new Error.NotReady($"No checkpoint of {proof.Size} entries was signed and published."));
    }

    private static long? Size(HttpContext context, List<FieldProblem> problems)
    {
        if (Paging.Text(context, "size") is not { } text)
            return null;
        if (long.TryParse(text, out var size) && size > 0)
            return size;
        problems.Add(new FieldProblem("/size", "must be a whole number, the size of a tree"));
        return null;
    }
}
