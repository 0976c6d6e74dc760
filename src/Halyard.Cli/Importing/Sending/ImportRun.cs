using Halyard.Cli.Importing.Planning;

namespace Halyard.Cli.Importing.Sending;

/// <summary>
/// One import from the plan to the last change: says what would be created and what is lost, asks the server whether it would
/// take it, and writes. What is there already with the same content is passed over, so that an import that broke off goes on.
/// </summary>
internal sealed class ImportRun(CliHost host, ProjectClient client, ImportPlan plan, string reason)
{
    /// <summary>Runs; the result is an <see cref="ExitCode"/>.</summary>
    /// <param name="apply">Write, once nothing is in the way.</param>
    /// <param name="cancellationToken">Breaks off between two changes.</param>
    public async Task<int> RunAsync(bool apply, CancellationToken cancellationToken)
    {
        if (await client.ReadStateAsync(cancellationToken) is not { } state)
            return client.Failure;
        if (await MissEnvironmentsAsync(state))
            return ExitCode.Refused;
        var creations = Creation.Of(plan);
        var presence = creations.ToDictionary(creation => creation.Name, state.PresenceOf, StringComparer.Ordinal);
        await ImportReport.WriteAsync(host, plan, presence);

        var different = creations.Where(creation => presence[creation.Name] == Presence.Different).ToList();
        if (different.Count > 0)
        {
            await host.Error.WriteLineAsync("Not imported: these exist with other content, and nothing is overwritten.");
            foreach (var creation in different)
                await host.Error.WriteLineAsync(Terminal.Safe($"  {creation.Name}"));
            return ExitCode.Refused;
        }
        var batches = Batches.Of(creations.Where(creation => presence[creation.Name] == Presence.Absent));
        if (await PreviewAsync(batches, cancellationToken) is { } refused)
            return refused;
        if (!apply)
            await host.Out.WriteLineAsync("Nothing was written; --apply writes it.");
        else if (await WriteAsync(batches, cancellationToken) is { } failed)
            return failed;
        return plan.LeftOut > 0 ? ExitCode.Incomplete : ExitCode.Success;
    }

    private async Task<bool> MissEnvironmentsAsync(ServerState state)
    {
        var keys = plan.Flags.SelectMany(flag => flag.Configurations).Select(configuration => configuration.Environment);
        var missing = keys.Except(state.Environments.Select(environment => environment.Key), StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
            return false;
        await host.Error.WriteLineAsync(
            Terminal.Safe(
                $"The project has no environment {string.Join(", ", missing)}: create it, or map another with --environment."
            )
        );
        return true;
    }

    /// <summary>Asks for each change that can be judged by itself; the exit code where one is refused.</summary>
    private async Task<int?> PreviewAsync(IReadOnlyList<IReadOnlyList<Creation>> batches, CancellationToken cancellationToken)
    {
        var pending = new HashSet<string>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            // What needs an earlier change is refused until that is written; it was compiled here all the same.
            var canBeJudged = !batch.SelectMany(creation => creation.Needs).Any(pending.Contains);
            pending.UnionWith(batch.Select(creation => creation.Name));
            if (!canBeJudged)
                continue;
            if (await client.PreviewAsync(batch, reason, cancellationToken) is not { } preview)
                return client.Failure;
            if (preview.Verdict != "allow")
            {
                await host.Error.WriteLineAsync(Terminal.Safe($"Not imported: the server would refuse it: {preview.Reason}"));
                return ExitCode.Refused;
            }
        }
        return null;
    }

    private async Task<int?> WriteAsync(IReadOnlyList<IReadOnlyList<Creation>> batches, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            if (await client.ChangeAsync(batches[i], reason, cancellationToken) is not { } answer)
            {
                await host.Error.WriteLineAsync($"{i} of {batches.Count} changes were written; run again to go on.");
                return client.Failure;
            }
            var receipt = answer.Ledger is { } ledger ? $", index {ledger.Index}, root {ledger.Root}" : "";
            await host.Out.WriteLineAsync(
                Terminal.Safe($"Change {i + 1} of {batches.Count}: {batches[i].Count} created{receipt}.")
            );
        }
        return null;
    }
}
