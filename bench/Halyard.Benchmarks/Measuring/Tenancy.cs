using System.Diagnostics.CodeAnalysis;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Benchmarks.Measuring;

/// <summary>The real pipeline over a store: one tenant with one project.</summary>
internal sealed class Tenancy : IDisposable
{
    public const string Tenant = "acme";
    public const string Project = "web";

    /// <summary>As the server establishes somebody with a token.</summary>
    public static readonly Actor Admin = new(
        Tenant,
        "s_01jd8z6m0a4w9q3k7v5x2c1b8n",
        ActorKind.User,
        "token",
        [BuiltInRoles.Admin],
        "tok_01jd8z6m0a4w9q3k7v5x2c1b8n"
    );

    private readonly IStore _store;
    private readonly ISubjectKeys _keys;

    private Tenancy(IStore store, ISubjectKeys keys)
    {
        _store = store;
        _keys = keys;
        Vault = new PersonalVault(keys, Entropy.System);
        Changes = new ChangeService(
            store,
            Vault,
            RegoAuthorizer.On(store, TimeProvider.System),
            TimeProvider.System,
            Entropy.System,
            new LogOrigins("flags.example.com"),
            new SystemTimeZones()
        );
    }

    public IStore Store => _store;

    public PersonalVault Vault { get; }

    public ChangeService Changes { get; }

    /// <summary>Over a SQLite file.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The tenancy owns both, and disposes of them.")]
    public static Task<Tenancy> OpenAsync(string path)
    {
        var options = new SqliteStoreOptions { Path = path };
        var keys = SqliteSubjectKeys.Open(options, Entropy.System, TimeProvider.System);
        return FoundAsync(new Tenancy(SqliteStore.Open(options), keys));
    }

    /// <summary>Over a new tenant in a store, both of which it then owns.</summary>
    public static Task<Tenancy> FoundAsync(IStore store, ISubjectKeys keys) => FoundAsync(new Tenancy(store, keys));

    private static async Task<Tenancy> FoundAsync(Tenancy tenancy)
    {
        var founding = Change.Edit("", [new CreateTenant(Tenant, "Acme")], "", action: "tenant.create");
        await tenancy.ApplyAsync(new Submission(Actor.System(Tenant), Request(0), founding));
        await tenancy.ApplyAsync(new Submission(Admin, Request(0), Change.Edit("", [new CreateProject(Project, "Web", "")], "")));
        return tenancy;
    }

    /// <summary>What comes with a request over HTTP, so that leaves have the size that they have in production.</summary>
    public static RequestContext Request(long number) =>
        new(
            $"0HNBENCH{number:X8}:00000001",
            Session: null,
            "203.0.113.77",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            $"4bf92f3577b34da6a3ce929d{number:x8}"
        );

    /// <summary>Submits what must take effect.</summary>
    public async Task ApplyAsync(Submission submission)
    {
        var result = await Changes.SubmitAsync(submission, CancellationToken.None);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
            throw new InvalidOperationException($"The change did not take effect: {error ?? (object?)outcome}");
    }

    public void Dispose()
    {
        ((IDisposable)_store).Dispose();
        ((IDisposable)_keys).Dispose();
    }
}
