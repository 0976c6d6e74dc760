using BenchmarkDotNet.Running;
using Halyard.Benchmarks.Auditing;
using Halyard.Benchmarks.Commits;
using Halyard.Benchmarks.Deciding;
using Halyard.Benchmarks.Evaluating;
using Halyard.Benchmarks.Importing;
using Halyard.Benchmarks.Postgres;
using Halyard.Benchmarks.Retaining;
using Halyard.Benchmarks.Serving;
using Halyard.Benchmarks.Simulating;
using Halyard.Benchmarks.Starting;
using Halyard.Benchmarks.Tokens;
using Halyard.Benchmarks.Verifying;

switch (args)
{
    case ["commits", .. var rest]:
        await CommitScenario.RunAsync(rest is [var producers] ? [int.Parse(producers)] : CommitScenario.DefaultProducers);
        return 0;
    case ["postgres-commits", .. var rest]:
        await PostgresScenario.CommitsAsync(rest is [var clients] ? [int.Parse(clients)] : PostgresScenario.DefaultClients);
        return 0;
    case ["postgres-audit", .. var rest]:
        await PostgresScenario.AuditAsync(
            rest is [var logged, ..] ? int.Parse(logged) : AuditScenario.DefaultEntries,
            rest is [_, var keyFile] ? keyFile : null
        );
        return 0;
    case ["propagation", var server, .. var rest]:
        await PropagationScenario.RunAsync(server, rest is [var nodes] ? int.Parse(nodes) : PropagationScenario.DefaultNodes);
        return 0;
    case ["import", .. var rest]:
        await ImportScenario.RunAsync(rest is [var lines] ? int.Parse(lines) : ImportScenario.DefaultLines);
        return 0;
    case ["audit", .. var rest]:
        await AuditScenario.RunAsync(
            rest is [var entries, ..] ? int.Parse(entries) : AuditScenario.DefaultEntries,
            rest is [_, var file] ? file : null
        );
        return 0;
    case ["simulate", var history, var policy]:
        await SimulationScenario.RunAsync(history, policy);
        return 0;
    case ["requests", .. var rest]:
        await RequestScenario.RunAsync(rest is [var requests] ? int.Parse(requests) : RequestScenario.DefaultRequests);
        return 0;
    case ["startup", var server]:
        await StartupScenario.RunAsync(server);
        return 0;
    case ["http", var server, .. var rest]:
        await ServingScenario.RunAsync(server, rest is [var rounds] ? int.Parse(rounds) : ServingScenario.DefaultRounds);
        return 0;
    case ["http-floor", var one, var all]:
        await HttpFloor.RunAsync(one, all);
        return 0;
    case ["verify", .. var rest]:
        VerifyScenario.Run(rest is [var leaves] ? int.Parse(leaves) : VerifyScenario.DefaultEntries);
        return 0;
    case ["retention", .. var rest]:
        await RetentionScenario.RunAsync(rest is [var kept] ? int.Parse(kept) : RetentionScenario.DefaultEntries);
        return 0;
    case ["rego"]:
        RegoScenario.Run(null, null, null);
        return 0;
    case ["rego", var query, var module, var input]:
        RegoScenario.Run(query, module, input);
        return 0;
    case ["scaling"]:
        ScalingScenario.Run();
        return 0;
    case ["tokens"]:
        TokenScenario.Run();
        return 0;
    case ["tracking"]:
        TrackingScenario.Run();
        return 0;
    case ["snapshot"]:
        SnapshotScenario.Run();
        return 0;
    case ["compare", .. var rest]:
        await Comparison.RunAsync(
            rest is [var slices, ..] ? int.Parse(slices) : Comparison.DefaultRounds,
            rest is [_, var shapes] ? shapes : Comparison.AllShapes
        );
        return 0;
    case ["evaluation", .. var rest]:
        _ = BenchmarkSwitcher.FromTypes([typeof(EvaluationBenchmarks)]).Run(rest.Length > 0 ? rest : ["--filter", "*"]);
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            """
            Usage: Halyard.Benchmarks commits [producers]      governed commits on SQLite beside bare transactions
                   Halyard.Benchmarks postgres-commits [clients]  governed commits on PostgreSQL beside bare compare-and-set
                   Halyard.Benchmarks postgres-audit [entries [key]]  a long log on PostgreSQL: filling, questions; with a named key file it is used again
                   Halyard.Benchmarks propagation <Halyard.Server> [nodes]  from a change on one server to the value on another
                   Halyard.Benchmarks import [lines]           history imported into SQLite
                   Halyard.Benchmarks audit [entries [file]]   a long log: filling, questions, appending; a named file is used again
                   Halyard.Benchmarks simulate <history.jsonl> <policy.yaml>  an imported history replayed through approval policies
                   Halyard.Benchmarks requests [requests]     the lists of change requests, where there are many
                   Halyard.Benchmarks startup <Halyard.Server> from process start to ready
                   Halyard.Benchmarks http <Halyard.Server> [rounds]  OFREP with wrk beside a floor
                   Halyard.Benchmarks compare [rounds [shapes]]  in-process evaluation beside floors and Microsoft.FeatureManagement, one table
                   Halyard.Benchmarks verify [entries]        a published log verified, beside bare SHA-256 over the same bytes
                   Halyard.Benchmarks retention [entries]     a log published, archived and purged
                   Halyard.Benchmarks rego [query module input]  a decision by a policy beside one that says yes
                   Halyard.Benchmarks scaling                 two threads beside one
                   Halyard.Benchmarks snapshot                10,000 flags: compiling, memory, swapping
                   Halyard.Benchmarks tracking                what counting adds to an evaluation
                   Halyard.Benchmarks tokens                  access tokens believed, beside bare signatures
                   Halyard.Benchmarks evaluation [options]     in-process evaluation beside hand-written floors (BenchmarkDotNet)
            """
        );
        return 2;
}
