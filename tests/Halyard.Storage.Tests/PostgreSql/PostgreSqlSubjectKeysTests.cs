using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Testing;

namespace Halyard.Storage.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlSubjectKeysTests(Postgres postgres) : SubjectKeysConformance, IAsyncLifetime
{
    private PostgresStore? _store;
    private PostgreSqlSubjectKeys? _keys;

    protected override ISubjectKeys Keys => _keys.ShouldNotBeNull();

    public async ValueTask InitializeAsync()
    {
        _store = await PostgresStore.OpenAsync(postgres);
        _keys = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _keys!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Keys_OfAnotherServer_AreTheSame()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        await using var other = await OpenAsync();

        (await other.FindAsync("default", ["s_1"], Cancellation))["s_1"].ShouldBe(made.Key);
        (await other.DirectoryKeyAsync(Cancellation)).ShouldBe(await Keys.DirectoryKeyAsync(Cancellation));
    }

    [Fact]
    public async Task Keys_InTheTables_AreWrapped()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        var wrapped = await _store!.ScalarAsync<byte[]>($"SELECT wrapped FROM {_store.Options.Schema}_keys.subject_key");
        wrapped.AsSpan().IndexOf(made.Key!).ShouldBe(-1);
    }

    [Fact]
    public async Task KeyFile_ThatIsMissingOrAnother_IsRefused()
    {
        var file = _store!.Options.KeyFile;
        File.Delete(file);
        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("is missing");
        File.Exists(file).ShouldBeFalse();

        WrappingKeyFile.Create(file, Entropy.System);
        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("not the one");
    }

    private Task<PostgreSqlSubjectKeys> OpenAsync() =>
        PostgreSqlSubjectKeys.OpenAsync(_store!.Options, TimeProvider.System, Entropy.System, Cancellation);
}
