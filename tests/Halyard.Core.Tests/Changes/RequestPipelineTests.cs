using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;
using SQLitePCL;

namespace Halyard.Core.Tests.Changes;

#pragma warning disable CA5394 // The same numbers on every run are the point.
/// <summary>
/// Random people do random things to change requests at random times, through the real pipeline and over a real file, against a model
/// written apart. At any commit the process may die, before or after it took effect; what was sent is then sent again, and timers
/// that were not finished are taken again.
/// </summary>
public sealed class RequestPipelineTests : IAsyncLifetime
{
    private const int Runs = 25;
    private const int Steps = 40;
    private const int FlagsPerRun = 8;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-requests-");
    private readonly InMemorySubjectKeys _keys = new();
    private readonly Dictionary<string, int> _ends = [];
    private SqliteStore? _store;
    private Pipeline? _pipeline;
    private ChangeService? _service;
    private bool? _dies;
    private int _sent,
        _deaths;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "halyard.db");

    private DateTimeOffset Now => _pipeline!.Time.Now;

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(new SqliteStoreOptions { Path = Path });
        _pipeline = new Pipeline(_store, keys: _keys);
        await _pipeline.StructureAsync();
        for (var run = 0; run < Runs; run++)
            await _pipeline.AppliedAsync(
                Enumerable
                    .Range(0, FlagsPerRun)
                    .Select(flag => $$"""{"op":"createFlag","flag":"f{{run}}-{{flag}}","name":"Flag"}""")
            );
        foreach (var change in TwoPeople.People.Select(person => TwoPeople.Give(person.Subject, person.Role)))
            await _pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, change));
        await _pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, TwoPeople.Govern()));
        Start();
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RandomPeopleTimesAndCrashes_DoWhatTheModelSays_AndNothingIsAppliedTwice()
    {
        for (var run = 0; run < Runs; run++)
        {
            var random = new Random(run);
            var models = new List<RequestModel>();
            for (var step = 0; step < Steps; step++)
            {
                var words = await StepAsync(random, run, models);
                foreach (var model in models)
                    (await RequestAsync(model)).State.ShouldBe(model.State, $"run {run}, step {step}: {words}; {model}");
            }
            foreach (var model in models)
                await CheckAsync(model);
            await CheckTimersAsync();
        }

        _deaths.ShouldBeGreaterThan(Runs);
        foreach (var end in new[] { "Applied", "Rejected", "Expired", "Cancelled" })
            _ends.GetValueOrDefault(end).ShouldBeGreaterThan(5, end);
        (await new StoreDiff(_store!, _pipeline!.Vault).RunAsync(Pipeline.Tenant, null, Cancel)).Differences.ShouldBeEmpty();
    }

    /// <summary>One thing that somebody does, or that time does.</summary>
    private async Task<string> StepAsync(Random random, int run, List<RequestModel> models)
    {
        if (random.Next(3) == 0)
            _dies = random.Next(2) == 0;
        var what = random.Next(11);
        if (models.Count == 0 || (what < 2 && models.Count < FlagsPerRun))
        {
            models.Add(await AskAsync(random, $"f{run}-{models.Count}"));
            return "ask";
        }
        if (what < 5)
        {
            _pipeline!.Time.Now += TimeSpan.FromHours(random.Next(1, 15));
            foreach (var model in models)
                model.Elapse(Now);
            await ElapseAsync(random);
            return "time passes";
        }
        var request = models[random.Next(models.Count)];
        (string Who, RequestAct Act) done = what switch
        {
            5 or 6 => ("s_lead", Vote(request, VoteKind.Approve)),
            7 or 8 => ("s_owner", Vote(request, VoteKind.Approve)),
            9 when random.Next(3) == 0 => ("s_lead", Vote(request, VoteKind.Reject)),
            9 => ("s_dev", Vote(request, VoteKind.Approve)),
            _ when random.Next(3) == 0 => ("s_dev", new RequestAct.Cancel(request.Name)),
            _ => ("s_lead", new RequestAct.Remark(request.Name, "hm")),
        };
        await SendAsync(done.Who, Change.On(done.Act));
        request.Do(done.Who, done.Act, Now);
        return $"{done.Act} by {done.Who}";
    }

    private static RequestAct.Vote Vote(RequestModel request, VoteKind kind) =>
        new(request.Name, kind, request.Hash, kind == VoteKind.Approve ? "" : "no");

    private async Task<RequestModel> AskAsync(Random random, string flag)
    {
        var isProduction = random.Next(3) > 0;
        var window =
            isProduction && random.Next(2) == 0
                ? null
                : new ScheduleWindow(Now.AddHours(random.Next(1, 20)), Now.AddHours(random.Next(20, 60)));
        var environment = isProduction ? "prod" : "dev";
        var operation = $$"""{"op":"setEnabled","flag":"{{flag}}","environment":"{{environment}}","enabled":true}""";
        var change = Change.Edit(Pipeline.Project, Ops.ReadAll([operation]), "because") with { Schedule = window };
        var pending = (await SendAsync("s_dev", change)).Value.ShouldBeOfType<Outcome.Pending>();
        return new RequestModel(pending.Request.Name, pending.Request.Hash, flag, environment, window, Now);
    }

    /// <summary>Sends it until an answer comes: who was not answered asks again, under the same key.</summary>
    private async Task<Result<Outcome>> SendAsync(string subject, Change change)
    {
        var actor = new Actor(Pipeline.Tenant, subject, ActorKind.User, "oidc", [], $"cred_{subject}");
        var submission = new Submission(actor, Pipeline.Request, change, $"key-{++_sent}");
        while (true)
        {
            try
            {
                return await _service!.SubmitAsync(submission, Cancel);
            }
            catch (IOException)
            {
                Start();
            }
        }
    }

    /// <summary>Has everything done that is due, as the server does; not every timer is finished before the process dies.</summary>
    private async Task ElapseAsync(Random random)
    {
        while (await _store!.TakeDueAsync(Now, 1, TimeSpan.FromTicks(1), Cancel) is [var taken])
        {
            try
            {
                var change = Change.On(RequestClock.ActOf(taken.Timer));
                var system = Actor.System(taken.Tenant);
                var key = taken.Timer.Occasion;
                var result = await _service!.SubmitAsync(
                    new Submission(system, RequestContext.Internal(key), change, key),
                    Cancel
                );
                if (result.Error is { } error)
                    error.ShouldBeOfType<Error.WrongState>();
                if (random.Next(4) > 0)
                    await _store.FinishTimerAsync(taken, Cancel);
            }
            catch (IOException)
            {
                Start();
            }
            // Its lease is over.
            _pipeline!.Time.Now += TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Starts the process anew: nothing is left of it but the file.</summary>
    private void Start()
    {
        _store!.Dispose();
        _store = SqliteStore.Open(new SqliteStoreOptions { Path = Path });
        var store = new DisturbedStore(_store, DieAsync);
        _service = new ChangeService(
            store,
            new PersonalVault(_keys, _pipeline!.Entropy),
            RegoAuthorizer.On(store, _pipeline.Time),
            _pipeline.Time,
            _pipeline.Entropy,
            new LogOrigins("flags.test"),
            new SystemTimeZones()
        );
    }

    private async ValueTask<CommitResult?> DieAsync(Commit commit)
    {
        if (_dies is not { } isAfter)
            return null;
        _dies = null;
        _deaths++;
        if (isAfter)
            await _store!.CommitAsync(commit, Cancel);
        throw new IOException("the process died");
    }

    private async Task<ChangeRequest> RequestAsync(RequestModel model)
    {
        var slice = await _store!.LoadAsync(Pipeline.Tenant, [model.Name], [], Cancel);
        return (ChangeRequest)ResourceDocuments.Read(model.Name, slice.Resources[model.Name].Document);
    }

    /// <summary>What was approved took effect once and in time, approved by the right people; all else left the flag as it was.</summary>
    private async Task CheckAsync(RequestModel model)
    {
        _ends[$"{model.State}"] = _ends.GetValueOrDefault($"{model.State}") + 1;
        var isApplied = model.State == ChangeRequestState.Applied;
        var name = Flag.NameOf(Pipeline.Project, model.Flag);
        var stored = (await _store!.LoadAsync(Pipeline.Tenant, [name], [], Cancel)).Resources[name];
        stored.Revision.ShouldBe(isApplied ? 2 : 1, $"{model}");
        var flag = (Flag)ResourceDocuments.Read(name, stored.Document);
        (flag.Environments.TryGetValue(model.Environment, out var there) && there.Settings.Enabled).ShouldBe(
            isApplied,
            $"{model}"
        );
        var request = await RequestAsync(model);
        request.Hash.ShouldBe(model.Hash);
        if (model.State.IsClosed())
            request.Timers.ShouldBeEmpty();
        if (!isApplied)
            return;
        if (model.Environment == "prod")
            request.Votes.Select(vote => vote.Voter.Subject).Order().ShouldBe(["s_lead", "s_owner"]);
    }

    /// <summary>Every timer that a request names is a row, and there is no other.</summary>
    private async Task CheckTimersAsync()
    {
        var requests = await _store!.ListAsync(
            Pipeline.Tenant,
            ResourceKind.ChangeRequest,
            Pipeline.Project,
            null,
            1_000,
            Cancel
        );
        var named = requests
            .Select(stored => (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document))
            .SelectMany(request => request.Timers.Select(timer => $"{request.Id}/{WireNames.Of(timer.Kind)} {timer.Attempt}"));
        var rows = new List<string>();
        raw.sqlite3_open_v2(Path, out var database, raw.SQLITE_OPEN_READONLY, null).ShouldBe(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_prepare_v2(database, "SELECT id || ' ' || attempt FROM timer", out var found);
            using (found)
            {
                while (raw.sqlite3_step(found) == raw.SQLITE_ROW)
                    rows.Add(raw.sqlite3_column_text(found, 0).utf8_to_string());
            }
        }
        rows.Order(StringComparer.Ordinal).ShouldBe(named.Order(StringComparer.Ordinal));
    }

    /// <summary>What a request should do, written again without looking.</summary>
    private sealed record RequestModel(
        ResourceName Name,
        Digest Hash,
        string Flag,
        string Environment,
        ScheduleWindow? Window,
        DateTimeOffset CreatedAt
    )
    {
        private bool _isTechnical;
        private DateTimeOffset _since = CreatedAt;

        public ChangeRequestState State { get; private set; } =
            Environment == "prod" ? ChangeRequestState.Pending : ChangeRequestState.Scheduled;

        public void Do(string who, RequestAct act, DateTimeOffset at)
        {
            if (State is not (ChangeRequestState.Pending or ChangeRequestState.Scheduled))
                return;
            if (act is RequestAct.Cancel)
                State = ChangeRequestState.Cancelled;
            if (act is not RequestAct.Vote vote || Environment != "prod" || who == "s_dev")
                return;
            if (vote.Kind == VoteKind.Reject)
                State = ChangeRequestState.Rejected;
            else if (who == "s_lead" && !_isTechnical)
                (_isTechnical, _since) = (true, at);
            else if (who == "s_owner" && _isTechnical && State == ChangeRequestState.Pending)
                State = Window?.From > at ? ChangeRequestState.Scheduled : ChangeRequestState.Applied;
        }

        public void Elapse(DateTimeOffset now)
        {
            var stageEnd = _since.AddHours(_isTechnical ? 48 : 24);
            if (State == ChangeRequestState.Pending && stageEnd <= now && !(Window?.To < stageEnd))
                State = ChangeRequestState.Rejected;
            else if (State is ChangeRequestState.Pending or ChangeRequestState.Scheduled && Window?.To <= now)
                State = ChangeRequestState.Expired;
            else if (State == ChangeRequestState.Scheduled && Window?.From <= now)
                State = ChangeRequestState.Applied;
        }
    }
}
#pragma warning restore CA5394
