using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Storage.Tests;

/// <summary>The model itself keeps the promises that it is the measure of.</summary>
public sealed class InMemorySubjectKeysTests : SubjectKeysConformance
{
    protected override ISubjectKeys Keys { get; } = new InMemorySubjectKeys();
}

public sealed class SqliteSubjectKeysTests : SubjectKeysConformance, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-keys-");
    private SqliteSubjectKeys? _keys;

    protected override ISubjectKeys Keys => _keys ??= Open();

    private string DatabasePath => Path.Combine(_folder.FullName, "halyard.db");

    public SqliteSubjectKeysTests() => _keys = Open();

    [Fact]
    public async Task Keys_OfAClosedFile_AreThereAgain_AndReadableByTheirOwnerAlone()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        var directory = await Keys.DirectoryKeyAsync(Cancellation);
        Close();

        (await Keys.FindAsync("default", ["s_1"], Cancellation))["s_1"].ShouldBe(made.Key);
        (await Keys.DirectoryKeyAsync(Cancellation)).ShouldBe(directory);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in new[] { ".keys", ".kek" })
                File.GetUnixFileMode(DatabasePath + file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task Keys_InTheFile_AreWrapped()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        Close();
        DatabaseFileBytes().IndexOf(made.Key!).ShouldBe(-1);
    }

    [Fact]
    public async Task KeyFile_ThatIsMissing_IsNotReplaced()
    {
        await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation);
        Close();
        File.Delete(DatabasePath + ".kek");

        Should.Throw<IOException>(Open).Message.ShouldContain("is missing");
        File.Exists(DatabasePath + ".kek").ShouldBeFalse();
    }

    [Fact]
    public async Task KeyFile_OfAnotherStore_IsRefused()
    {
        await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation);
        Close();
        File.Delete(DatabasePath + ".kek");
        WrappingKeyFile.Create(DatabasePath + ".kek", Entropy.System);

        Should.Throw<IOException>(Open).Message.ShouldContain("not the one");
    }

    [Theory]
    [InlineData("")]
    [InlineData("halyard-kek-1 ")]
    [InlineData("halyard-kek-1 AAAA")]
    [InlineData("halyard-kek-2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("halyard-kek-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("halyard-kek-1 !AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void KeyFile_ThatIsNone_IsRefused(string text)
    {
        Close();
        File.WriteAllText(DatabasePath + ".kek", text);

        Should.Throw<IOException>(Open).Message.ShouldContain("not a key file");
    }

    [Fact]
    public async Task KeyFile_AtAnotherPath_IsUsed()
    {
        Close();
        var options = new SqliteStoreOptions
        {
            Path = Path.Combine(_folder.FullName, "second.db"),
            KeyFile = Path.Combine(_folder.FullName, "secrets", "kek"),
        };
        using (var keys = SqliteSubjectKeys.Open(options, Entropy.System, TimeProvider.System))
            await keys.EnsureAsync("default", [new("s_1", null)], Cancellation);

        File.Exists(options.KeyFile).ShouldBeTrue();
        File.Exists(options.Path + ".kek").ShouldBeFalse();
    }

    [Fact]
    public void SecondOpener_IsRefused() => Should.Throw<IOException>(Open).Message.ShouldContain("in use");

    [Fact]
    public async Task ErasedKey_IsInNoFileAnyMore()
    {
        await Keys.EnsureAsync("default", [new("s_1", "pseudonym-of-ann")], Cancellation);
        DatabaseFileBytes().IndexOf("pseudonym-of-ann"u8).ShouldBeGreaterThan(0);

        await Keys.EraseAsync("default", ["s_1"], 1, Cancellation);

        DatabaseFileBytes().IndexOf("pseudonym-of-ann"u8).ShouldBe(-1);
    }

    public void Dispose()
    {
        Close();
        _folder.Delete(recursive: true);
    }

    private SqliteSubjectKeys Open() =>
        SqliteSubjectKeys.Open(new SqliteStoreOptions { Path = DatabasePath }, Entropy.System, TimeProvider.System);

    private void Close()
    {
        _keys?.Dispose();
        _keys = null;
    }

    private ReadOnlySpan<byte> DatabaseFileBytes() =>
        Directory
            .EnumerateFiles(_folder.FullName, "halyard.db.keys*")
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .SelectMany(file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            })
            .ToArray();
}
