using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;
using Halyard.Ledger;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// Keeps failed log-ins in the log without letting whoever fails fill it: for each account, for each identity provider, and for each
/// address that tries accounts which do not exist, the first at once and what follows as a count, at most one entry a minute.
/// </summary>
internal sealed partial class FailedLogIns(
    ChangeService changes,
    Entropy entropy,
    TimeProvider time,
    ILogger<FailedLogIns> logger
) : BackgroundService
{
    private const string Type = "access.login_failed";
    private const string Action = "session.fail";

    // Beyond so many places in a minute all others are one.
    private const int MaxPlaces = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Place, (int Waiting, RequestContext Request)> _places = [];

    /// <summary>A log-in failed.</summary>
    /// <param name="tenant">A tenant that exists.</param>
    /// <param name="user">Whose account was tried, or <see langword="null"/> where there is none.</param>
    /// <param name="request">Where it came from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ValueTask NoteAsync(string tenant, User? user, RequestContext request, CancellationToken cancellationToken) =>
        NoteAsync(new Place(tenant, user?.Id, null, user is null ? request.IpAddress : null), request, cancellationToken);

    /// <summary>A log-in at an identity provider failed.</summary>
    /// <param name="tenant">A tenant that exists.</param>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="request">Where it came from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ValueTask NoteAsync(string tenant, string provider, RequestContext request, CancellationToken cancellationToken) =>
        NoteAsync(new Place(tenant, null, provider, null), request, cancellationToken);

    private async ValueTask NoteAsync(Place place, RequestContext request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_places.ContainsKey(place) && _places.Count >= MaxPlaces)
                place = new Place(place.Tenant, null, null, null);
            if (_places.TryGetValue(place, out var known))
            {
                _places[place] = (known.Waiting + 1, request);
                return;
            }
            _places[place] = (0, request);
        }
        await RecordAsync(place, 1, request, cancellationToken);
    }

    /// <summary>Records what was counted since the last time; who has been quiet since then is forgotten.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        List<Place> waiting = [];
        lock (_lock)
        {
            foreach (var (place, (count, _)) in _places.ToList())
            {
                if (count == 0)
                    _places.Remove(place);
                else
                    waiting.Add(place);
            }
        }
        foreach (var place in waiting)
        {
            (int Waiting, RequestContext Request) known;
            lock (_lock)
            {
                // Somebody else may have recorded it meanwhile.
                if (!_places.TryGetValue(place, out known) || known.Waiting == 0)
                    continue;
                _places[place] = (0, known.Request);
            }
            await RecordAsync(place, known.Waiting, known.Request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryFlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async ValueTask TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The store may be back in a minute; until then it is said here.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            CannotRecord(broken);
        }
    }

    private async ValueTask RecordAsync(Place place, int count, RequestContext request, CancellationToken cancellationToken)
    {
        var whose =
            place.User is { } user ? $" as user {user}"
            : place.Provider is { } provider ? $" with '{provider}'"
            : place.Address is null ? " elsewhere"
            : " as nobody known";
        var times = count == 1 ? "a log-in" : string.Create(CultureInfo.InvariantCulture, $"{count} log-ins");
        var details = new CanonicalWriter(64).StartObject();
        details.Name("count").Number(count);
        if (place.Provider is not null)
            details.Name("provider").String(place.Provider);
        var happened = new ChangeEvent(Type, $"{times}{whose} failed")
        {
            About = place.User is { } id ? [User.NameOf(id)] : [],
            Details = details.EndObject().ToArray(),
            FailureCode = "credentials.wrong",
        };
        var from = request with { Id = entropy.NewId("q") };
        var submission = new Submission(Actor.System(place.Tenant), from, Change.Record(Action, "", happened));
        var isRecorded = false;
        try
        {
            var result = await changes.SubmitAsync(submission, cancellationToken);
            isRecorded = result.Error is null;
            if (result.Error is { } error)
                IsNotRecorded(count, $"{error}");
        }
        finally
        {
            // Rather told twice than never.
            if (!isRecorded)
                PutBack(place, count, request);
        }
    }

    /// <summary>What could not be recorded is tried again with the next ones.</summary>
    private void PutBack(Place place, int count, RequestContext request)
    {
        lock (_lock)
        {
            if (!_places.ContainsKey(place) && _places.Count >= MaxPlaces)
                place = new Place(place.Tenant, null, null, null);
            _places[place] = (_places.GetValueOrDefault(place).Waiting + count, request);
        }
    }

    private sealed record Place(string Tenant, string? User, string? Provider, string? Address);

    [LoggerMessage(LogLevel.Error, "Failed log-ins cannot be recorded.")]
    private partial void CannotRecord(Exception broken);

    [LoggerMessage(LogLevel.Error, "{Count} failed log-ins are not in the log yet: {Problem}")]
    private partial void IsNotRecorded(int count, string problem);
}
