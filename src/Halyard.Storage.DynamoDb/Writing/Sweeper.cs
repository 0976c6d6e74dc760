using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Blocks;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>
/// Removes from the table what an erasure or a purge hides from the moment of its entry on: one transaction could not take it all. It
/// can be broken off and begun again anywhere, and two servers may do it at once.
/// </summary>
internal sealed class Sweeper(Table table, TenantLog log, string tenant)
{
    private readonly BlockSweeper _blocks = new(table, tenant);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (await log.RefreshAsync(cancellationToken) is null)
            return;
        var (minimum, lastErasure, size) = log.Index.Ask(view => (view.Minimum, log.Index.LastErasure, view.Size));
        var done = SweepState.Of(await table.GetAsync(Keys.Swept(tenant), cancellationToken));
        if (done.Erased >= lastErasure && done.Purged >= minimum)
            return;
        if (done.Erased < lastErasure)
            await EraseAsync(done.Erased + 1, lastErasure, size, cancellationToken);
        if (done.Purged < minimum)
            await PurgeAsync(done.Purged, minimum, size, cancellationToken);
        await table.PutAsync(new SweepState(lastErasure, minimum).Write(tenant), condition: null, cancellationToken);
    }

    private async ValueTask EraseAsync(long from, long to, long size, CancellationToken cancellationToken)
    {
        var erasures = await Erasures.ReadAsync(table, tenant, from, to, cancellationToken);
        var subjects = erasures.SelectMany(Erasures.Subjects).ToHashSet(StringComparer.Ordinal);
        // Before the values: who writes a block is fenced off by it, and what he read of them counts no more.
        await _blocks.EraseAsync(subjects, size, cancellationToken);
        var brought = await Many.SelectAsync(subjects, subject => log.BroughtAsync(subject, 0, cancellationToken));
        var segments = await log.SegmentsAsync([.. brought.SelectMany(some => some).Distinct()], cancellationToken);
        await Many.ForEachAsync(
            segments,
            segment => RewriteAsync(segment, privates => WithoutSubjects(privates, subjects), cancellationToken)
        );
        foreach (var subject in subjects)
            await PeopleDirectory.RemoveAsync(table, tenant, subject, cancellationToken);
    }

    private async ValueTask PurgeAsync(long from, long below, long size, CancellationToken cancellationToken)
    {
        await _blocks.PurgeAsync(from, below, size, cancellationToken);
        var segments = await log.SegmentsAsync(from, below, cancellationToken);
        await Many.ForEachAsync(segments, segment => PurgeAsync(segment, below, cancellationToken));
    }

    private async ValueTask PurgeAsync(Segment segment, long below, CancellationToken cancellationToken)
    {
        // Only ever in place of what it was made of: another sweep may have gone further meanwhile.
        while (await table.GetAsync(Keys.Segment(tenant, segment.First), cancellationToken) is { } item)
        {
            var before = item.Bytes(Segments.Content);
            var records = SegmentCodec.Read(before);
            var after = Segments.Write(tenant, segment, records.Select(record => record.Index < below ? Stub(record) : record));
            if (await table.PutAsync(after, Condition.Is(Segments.Content, before), cancellationToken))
                break;
        }
        await RewriteAsync(segment, privates => Above(privates, below), cancellationToken);
    }

    /// <summary>What proves and describes the rest: the hash, the versions, whose values in documents it brought.</summary>
    private static LogRecord Stub(LogRecord record) =>
        record with
        {
            Leaf = null,
            Terms = [],
            Content = "",
            Privates = [.. record.Privates.Where(mark => mark.Commitment is not null)],
        };

    /// <summary>Values in documents stay with the documents.</summary>
    private static SegmentPrivates Above(SegmentPrivates privates, long below) =>
        new(
            [.. privates.Values.Where(value => value.Index >= below || value.Value.InDocument)],
            privates.Reasons.Where(reason => reason.Key >= below).ToDictionary()
        );

    private static SegmentPrivates WithoutSubjects(SegmentPrivates privates, HashSet<string> subjects)
    {
        bool IsReason((long Index, SealedValue Value) value) =>
            !value.Value.InDocument && LeafText.ReasonPointers.Contains(value.Value.Pointer);
        var silenced = privates
            .Values.Where(value => subjects.Contains(value.Value.Subject) && IsReason(value))
            .Select(value => value.Index)
            .ToHashSet();
        return new SegmentPrivates(
            [.. privates.Values.Where(value => !subjects.Contains(value.Value.Subject))],
            privates.Reasons.Where(reason => !silenced.Contains(reason.Key)).ToDictionary()
        );
    }

    /// <summary>
    /// Writes a segment's private values anew without some. Another server may sweep at the same time, so each part is only ever
    /// replaced by what was made of it as it is.
    /// </summary>
    private async ValueTask RewriteAsync(
        Segment segment,
        Func<SegmentPrivates, SegmentPrivates> without,
        CancellationToken cancellationToken
    )
    {
        foreach (var key in Segments.PrivateKeys(tenant, segment))
        {
            while (await table.GetAsync(key, cancellationToken) is { } item)
            {
                var before = item.Bytes(Segments.Content);
                var privates = SegmentCodec.ReadPrivates(before);
                var left = without(privates);
                if (left.Values.Count == privates.Values.Count && left.Reasons.Count == privates.Reasons.Count)
                    break;
                var after = Segments.WritePrivates(key, left);
                if (await table.PutAsync(after, Condition.Is(Segments.Content, before), cancellationToken))
                    break;
            }
        }
    }
}
