using System.Threading.Channels;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql.Reading.Together;

/// <summary>
/// Reads what changes look at. Callers who ask while others' trips to the server are under way share the next one: what a caller
/// wants is a handful of rows, and most of their price is the trip.
/// </summary>
internal sealed class StateReader : IAsyncDisposable
{
    /// <summary>One trip that is slow does not keep everybody waiting, and more would be emptier ones.</summary>
    private const int TripsAtOnce = 2;

    private const int MaxRequests = 128;

    private readonly Database _database;
    private readonly Channel<StateRequest> _queue = Channel.CreateUnbounded<StateRequest>(new() { SingleReader = true });
    private readonly SemaphoreSlim _trips = new(TripsAtOnce, TripsAtOnce);
    private readonly Task _reading;

    /// <summary>Begins to read for those who ask.</summary>
    public StateReader(Database database)
    {
        _database = database;
        _reading = Task.Run(RunAsync);
    }

    /// <summary>Resources and fences by name, and every environment of a project where one is given, as of one moment.</summary>
    public async ValueTask<StateSlice> LoadAsync(
        int tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        string? environmentsOf,
        CancellationToken cancellationToken
    )
    {
        var view = await AskAsync(
            new StateRequest(tenant, cancellationToken)
            {
                Names = names,
                Fences = fences,
                EnvironmentsOf = environmentsOf,
            },
            cancellationToken
        );
        var found = new Dictionary<ResourceName, StoredResource>(names.Count);
        foreach (var name in names)
        {
            if (view.Resources.TryGetValue((tenant, name), out var resource))
                found[name] = resource;
        }
        if (environmentsOf is not null)
        {
            foreach (var environment in view.Environments[(tenant, environmentsOf)])
                found.TryAdd(environment.Name, environment);
        }
        var values = new Dictionary<string, long>(fences.Count, StringComparer.Ordinal);
        foreach (var fence in fences)
            values[fence] = view.Fences.GetValueOrDefault((tenant, fence));
        return new StateSlice(found, values);
    }

    /// <summary>The unexpired answer under an idempotency key, or <see langword="null"/>.</summary>
    public async ValueTask<StoredAnswer?> AnswerAsync(
        int tenant,
        (string Credential, string Key) key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = await AskAsync(new StateRequest(tenant, cancellationToken) { Answer = key }, cancellationToken);
        return
            view.Answers.TryGetValue((tenant, key.Credential, key.Key), out var found)
            && found.ExpiresAt > Instants.From(Instants.Floor(now))
            ? found.Answer
            : null;
    }

    /// <summary>Answers those who asked.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _reading;
        // Whoever has every trip knows that none is under way.
        for (var trip = 0; trip < TripsAtOnce; trip++)
            await _trips.WaitAsync();
        _trips.Dispose();
    }

    private Task<StateView> AskAsync(StateRequest request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(request), this);
        return request.View.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _trips.WaitAsync();
            var requests = new List<StateRequest>();
            while (requests.Count < MaxRequests && _queue.Reader.TryRead(out var request))
            {
                if (request.IsAbandoned)
                    request.Abandon();
                else
                    requests.Add(request);
            }
            _ = TripAsync(requests);
        }
    }

    private async Task TripAsync(List<StateRequest> requests)
    {
        try
        {
            if (requests.Count > 0)
                await ReadAsync(requests);
        }
        finally
        {
            _trips.Release();
        }
    }

    private async Task ReadAsync(List<StateRequest> requests)
    {
#pragma warning disable CA1031 // Whatever goes wrong is told to the callers.
        try
        {
            var view = await _database.DoAsync(
                (connection, cancellation) => StateQueries.ReadAsync(connection, requests, cancellation),
                CancellationToken.None
            );
            requests.ForEach(request => request.Complete(view));
        }
        // One that cannot be read must not fail the others: each by itself. Unless the database cannot be reached, for anybody.
        catch (Exception problem) when (requests.Count > 1 && !Database.IsAway(problem))
        {
            foreach (var request in requests)
                await ReadAsync([request]);
        }
        catch (Exception problem)
        {
            requests.ForEach(request => request.Fail(problem));
        }
#pragma warning restore CA1031
    }
}
