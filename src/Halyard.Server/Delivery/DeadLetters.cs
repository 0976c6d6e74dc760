using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Ledger;

namespace Halyard.Server.Delivery;

/// <summary>Sets messages aside that a target refuses, and says so in the log.</summary>
internal sealed class DeadLetters(SinkMarks marks, ChangeService changes, TimeProvider time, Entropy entropy)
{
    /// <summary>The type of the entry that says so.</summary>
    public const string SetAside = "sink.dead_lettered";

    /// <summary>
    /// Sets a message aside. The entry that says so is delivered like any other; where it is refused in its turn it is set aside
    /// without another entry, or two sinks that refuse everything would keep each other busy for ever.
    /// </summary>
    public async ValueTask AddAsync(
        string tenant,
        Sink sink,
        SinkMessage message,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var letter = new DeadLetter(message.First, message.Last, reason, time.GetUtcNow());
        await marks.AddDeadAsync(tenant, sink, letter, cancellationToken);
        if (message.OnlyDeadLetters)
            return;
        // Under the same key it is one entry, however often this is done again after a crash.
        var key = string.Create(CultureInfo.InvariantCulture, $"{SetAside}/{sink.Id}/{message.First}");
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("sink.deliver", "", Told(sink, letter)),
            key,
            Digest.Of(System.Text.Encoding.UTF8.GetBytes(key))
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is { } error)
            throw new InvalidOperationException($"A dead letter cannot be recorded: {error}");
        if (result.Value is not Outcome.Applied)
            throw new InvalidOperationException($"A dead letter cannot be recorded: {result.Value}");
    }

    private static ChangeEvent Told(Sink sink, DeadLetter letter)
    {
        var range = letter.First == letter.Last ? $"entry {letter.First}" : $"entries {letter.First} to {letter.Last}";
        var details = new CanonicalWriter(128).StartObject();
        details.Name("first").Number(letter.First);
        details.Name("last").Number(letter.Last);
        details.Name("reason").String(letter.Reason);
        return new ChangeEvent(SetAside, $"{range} set aside for sink '{sink.Key}': {letter.Reason}")
        {
            About = [Sink.NameOf(sink.Key)],
            Details = details.EndObject().ToArray(),
            FailureCode = "sink.refused",
        };
    }
}
