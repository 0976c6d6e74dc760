using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core.Reading.Exporting;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;

namespace Halyard.Server.Exports;

/// <summary>
/// Writes a part of the log to a file. The plan fixes every byte before the first one is written, so whoever carries the job on
/// cuts the file to where it was said to be and goes on from there.
/// </summary>
internal sealed class ExportJob(ExportReader reader, ExportFolder folder, PublishedReader published, TimeProvider time) : IJobKind
{
    /// <summary>The kind's name.</summary>
    public const string Name = "export";

    // What is written again after a crash at most; each time costs two syncs.
    private const int PagesBetweenSaves = 4;
    private const int BufferedBytes = 256 * 1024;

    /// <inheritdoc/>
    public string Kind => Name;

    /// <summary>The name of a job's file.</summary>
    public static string FileName(JobState job) =>
        ExportFolder.NameOf(job.Id, EntryFormats.Of(ExportPlan.FromJson(job.Parameters)).Extension);

    /// <inheritdoc/>
    public async ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var plan = ExportPlan.FromJson(job.Parameters);
        var name = FileName(job.State);
        if (await WriteAsync(job, plan, name, cancellationToken) is not { } written)
            return JobEnd.Failed("purged", "entries were purged before they were exported; the archive has them");
        folder.Complete(job.Tenant, name);
        var format = WireNames.Of(plan.Format);
        var manifest = new ExportManifest(
            plan.Log,
            plan.From,
            plan.To,
            plan.Size,
            plan.Root,
            await published.OfSizeAsync(job.Tenant, plan.Log, plan.Size, cancellationToken),
            format,
            written.Entries,
            [written.File]
        );
        return new JobEnd(
            JobStatus.Finished,
            $"{written.Entries} entries in {written.File.Bytes} bytes",
            Result: Parse(ManifestWriter.Write(manifest, plan.Filter, time.GetUtcNow())),
            Events:
            [
                new JobEvent(
                    "log.exported",
                    $"{written.Entries} entries of {plan.From} to {plan.To} exported as {format}",
                    Parse(Details(job, plan, written))
                ),
            ]
        );
    }

    /// <inheritdoc/>
    public void Abandon(Job job) => folder.Abandon(job.Tenant, FileName(job.State));

    private async Task<(long Entries, ExportedFile File)?> WriteAsync(
        Job job,
        ExportPlan plan,
        string name,
        CancellationToken cancellationToken
    )
    {
        var format = EntryFormats.Of(plan);
        var cursor = job.Cursor is { } saved ? saved.Deserialize(ExportJson.Default.ExportCursor)! : ExportCursor.Start(plan);
        var file = folder.Continue(job.Tenant, name, cursor.Bytes);
        if (file is null)
        {
            cursor = ExportCursor.Start(plan);
            file = folder.Continue(job.Tenant, name, 0)!;
        }
        await using var open = file;
        var output = new ArrayBufferWriter<byte>(BufferedBytes);
        if (cursor.Bytes == 0)
            format.Begin(output);
        var tree = await reader.ProofsAsync(job.Tenant, plan, cancellationToken);
        for (var pages = 1; cursor.Next < plan.To; pages++)
        {
            if (await reader.PageAsync(job.Tenant, plan, tree, cursor.Next, cancellationToken) is not { } entries)
                return null;
            foreach (var entry in entries)
            {
                format.Write(output, entry);
                if (output.WrittenCount >= BufferedBytes)
                    await FlushAsync(file, output, cancellationToken);
            }
            await FlushAsync(file, output, cancellationToken);
            cursor = new ExportCursor(
                Math.Min(cursor.Next + ExportReader.PageSize, plan.To),
                file.Position,
                cursor.Entries + entries.Count
            );
            if (pages % PagesBetweenSaves == 0)
                await SaveAsync(job, plan, file, cursor, cancellationToken);
        }
        await FlushAsync(file, output, cancellationToken);
        await SaveAsync(job, plan, file, cursor with { Bytes = file.Position }, cancellationToken);
        file.Position = 0;
        var digest = Digest.FromBytes(await SHA256.HashDataAsync(file, cancellationToken));
        return (cursor.Entries, new ExportedFile(name, file.Length, digest));
    }

    private static async Task FlushAsync(FileStream file, ArrayBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        await file.WriteAsync(output.WrittenMemory, cancellationToken);
        output.ResetWrittenCount();
    }

    private static async Task SaveAsync(
        Job job,
        ExportPlan plan,
        FileStream file,
        ExportCursor cursor,
        CancellationToken cancellationToken
    )
    {
        // The mark must never be ahead of the file.
        await file.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        await job.SaveAsync(
            cursor.Next - plan.From,
            plan.To - plan.From,
            JsonSerializer.SerializeToElement(cursor, ExportJson.Default.ExportCursor),
            cancellationToken
        );
    }

    private static byte[] Details(Job job, ExportPlan plan, (long Entries, ExportedFile File) written)
    {
        var writer = new CanonicalWriter().StartObject();
        writer.Name("count").Number(written.Entries);
        writer.Name("filter");
        ExportFilter.Write(writer, plan.Filter);
        writer.Name("format").String(WireNames.Of(plan.Format));
        writer.Name("from").Number(plan.From);
        writer.Name("job").String(job.Id);
        writer.Name("root").String(plan.Root.ToString());
        writer.Name("sha256").String(written.File.Sha256.ToString());
        writer.Name("size").Number(plan.Size);
        writer.Name("to").Number(plan.To);
        return writer.EndObject().ToArray();
    }

    private static JsonElement Parse(byte[] json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }
}

/// <summary>Where an export goes on.</summary>
/// <param name="Next">The next index.</param>
/// <param name="Bytes">How long the file is up to there.</param>
/// <param name="Entries">How many entries it holds up to there.</param>
internal sealed record ExportCursor(long Next, long Bytes, long Entries)
{
    public static ExportCursor Start(ExportPlan plan) => new(plan.From, 0, 0);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ExportCursor))]
internal sealed partial class ExportJson : JsonSerializerContext;
