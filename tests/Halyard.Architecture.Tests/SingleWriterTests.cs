using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>Nothing takes effect but through the one pipeline, which audits what it does.</summary>
public sealed class SingleWriterTests
{
    private const string Writer = "Halyard.Core.Changes";
    private const string Store = "Halyard.Core.Storage.IStore";
    private const string Marks = "Halyard.Core.Storage.IMarks";
    private const string Timers = "Halyard.Core.Storage.ITimers";
    private const string Commit = "Halyard.Core.Storage.Commit";

    private static readonly CallGraph Calls = new(Assemblies.Product);

    [Fact]
    public void Commits_AreSentByTheWriterAlone()
    {
        string[] stores = [Store, .. Calls.Implementers(Store).Select(type => type.FullName)];

        NamespacesUsing([.. stores.Select(type => $"{type}::CommitAsync")]).ShouldBe([Writer]);
    }

    [Fact]
    public void Commits_AreBuiltByTheWriterAlone() => NamespacesUsing($"{Commit}::.ctor").ShouldBe([Writer]);

    [Fact]
    public void Store_IsImplementedByAdaptersAlone()
    {
        var implementers = Calls.Implementers(Store);

        implementers.ShouldNotBeEmpty();
        implementers.ShouldAllBe(type => type.Module.Assembly.Name.Name.StartsWith("Halyard.Storage.", StringComparison.Ordinal));
    }

    /// <summary>
    /// AuthorizeAsync commits nothing but the entry of a denial; an import sends its batches through the same pipeline, reading
    /// what they touch from memory.
    /// </summary>
    [Fact]
    public void ThePipeline_IsTheOnlyWayToACommit() =>
        Calls
            .EntriesTo(Store, "CommitAsync")
            .ShouldBe(
                [
                    $"{Writer}.ChangeService.AuthorizeAsync",
                    $"{Writer}.ChangeService.PlanAsync",
                    $"{Writer}.ChangeService.SubmitAsync",
                    $"{Writer}.Importing.HistoryImporter.ImportAsync",
                ],
                ignoreOrder: true
            );

    [Fact]
    public void OnlyChangeService_CallsCommit() =>
        Assemblies
            .ProductTypes.Where(type => type.Uses.Any(use => use.Member == $"{Store}::CommitAsync"))
            .Select(type => type.FullName)
            .ShouldBe([$"{Writer}.ChangeService"]);

    /// <summary>The directory of people stands outside the log; nothing but an import of history adds to it.</summary>
    [Fact]
    public void People_AreNamedByImportsAlone() =>
        NamespacesUsing($"{Store}::SubjectsAsync").ShouldBe(["Halyard.Core.Changes.Importing"]);

    /// <summary>Keys are removed when their erasure is in the log, and by nobody else.</summary>
    [Fact]
    public void People_AreErasedByThePipelineAlone()
    {
        NamespacesUsing("Halyard.Core.Storage.Privacy.ISubjectKeys::EraseAsync").ShouldBe(["Halyard.Core.Storage.Privacy"]);
        NamespacesUsing("Halyard.Core.Storage.Privacy.PersonalVault::EraseAsync")
            .ShouldBe([Writer, $"{Writer}.Effects"], ignoreOrder: true);
    }

    /// <summary>Counters stand outside the log too; they are measured, and decide nothing.</summary>
    [Fact]
    public void Evaluations_AreCountedByTrackingAlone() =>
        NamespacesUsing($"{Store}::AddEvaluationsAsync").ShouldBe(["Halyard.Server.Tracking"]);

    /// <summary>Marks stand outside the log too: where something has come to, and who is at it. They govern nothing.</summary>
    [Fact]
    public void Marks_AreSetByWhateverFollowsTheLogAlone()
    {
        string[] stores = [Marks, Store, .. Calls.Implementers(Marks).Select(type => type.FullName)];

        NamespacesUsing([.. stores.SelectMany(type => new[] { $"{type}::SetMarkAsync", $"{type}::RemoveMarkAsync" })])
            .ShouldBe(
                [
                    // How far a log is archived, written by the job that archives it.
                    "Halyard.Core.Storage",
                    // When a credential was last used.
                    "Halyard.Server.Authentication",
                    // Hashes and open sessions, which count as far as the log says (ADR 0014).
                    "Halyard.Server.Authentication.Local",
                    "Halyard.Server.Authentication.Sessions",
                    "Halyard.Server.Delivery",
                    "Halyard.Server.Jobs",
                    "Halyard.Server.Publishing",
                    "Halyard.Server.Publishing.Anchoring",
                ],
                ignoreOrder: true
            );
    }

    /// <summary>
    /// Timers are set and cleared by commits; taking one and removing it when it was handled changes nothing that anybody sees.
    /// Whoever handles one writes through the pipeline, as the tests above hold everybody to.
    /// </summary>
    [Fact]
    public void Timers_AreTakenByTheirRunnerAlone()
    {
        string[] stores = [Timers, Store, .. Calls.Implementers(Timers).Select(type => type.FullName)];

        NamespacesUsing([.. stores.SelectMany(type => new[] { $"{type}::TakeDueAsync", $"{type}::FinishTimerAsync" })])
            .ShouldBe(["Halyard.Server.Timers"]);
    }

    /// <summary>A copy writes what another store's pipeline wrote, to a store that nobody can open before it is whole.</summary>
    [Fact]
    public void Targets_AreFilledByTheCopyAlone_WhichTheCommandAloneStarts()
    {
        const string copying = "Halyard.Core.Storage.Copying";
        string[] writing = ["AddAsync", "WriteAsync", "ClearAsync", "LiftTimerFenceAsync", "FinishAsync"];
        string[] targets =
        [
            $"{copying}.IStoreTarget",
            .. Calls.Implementers($"{copying}.IStoreTarget").Select(type => type.FullName),
        ];

        NamespacesUsing([.. targets.SelectMany(type => writing.Select(member => $"{type}::{member}"))])
            .Where(name => !name.StartsWith("Halyard.Storage.", StringComparison.Ordinal))
            .ShouldBe([copying]);
        NamespacesUsing($"{copying}.StoreCopy::RunAsync").ShouldBe(["Halyard.Server.Hosting"]);
    }

    private static IEnumerable<string> NamespacesUsing(params string[] members) =>
        Assemblies
            .ProductTypes.Where(type => type.Uses.Any(use => members.Contains(use.Member, StringComparer.Ordinal)))
            .Select(type => type.Namespace)
            .Distinct(StringComparer.Ordinal);
}
