using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Tests.Publishing.Signing;

/// <summary>The private key: made once, never in clear, replaced with an overlap.</summary>
public sealed class KeyRingTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Key_IsMadeOnce_AndEncryptedAndPrivate()
    {
        using var again = _world.Ring();

        again.Current.Key.ToString().ShouldBe(KeyRing.Public(_world.KeyPath)[0].ToString());
        again.Current.Key.Name.ShouldBe(World.Host);
        File.ReadAllText(_world.KeyPath).ShouldStartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.GetFiles(_world.Folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void Key_WithAnotherPassphrase_IsRefusedInWords() =>
        Should
            .Throw<IOException>(() => KeyRing.Open(_world.KeyPath, World.Host, "another", Entropy.System, _world.Time))
            .Message.ShouldContain("cannot be opened with this passphrase");

    [Fact]
    public void Key_WhosePassphraseIsGone_IsNotMadeAnew()
    {
        File.Delete(_world.KeyPath + ".passphrase");

        Should.Throw<IOException>(_world.Ring).Message.ShouldContain("needs its passphrase");
    }

    [Fact]
    public void Key_ThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("modes of files are Unix's");
            return;
        }
        File.SetUnixFileMode(_world.KeyPath, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Should.Throw<IOException>(_world.Ring).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void ConfiguredPassphrase_IsWrittenNowhere()
    {
        var file = Path.Combine(_world.Folder, "other", "key.pem");
        const string passphrase = "correct horse battery staple";

        KeyRing.Open(file, World.Host, passphrase, Entropy.System, _world.Time).Dispose();

        File.Exists(file + ".passphrase").ShouldBeFalse();
        foreach (var written in Directory.GetFiles(Path.GetDirectoryName(file)!))
            File.ReadAllText(written).ShouldNotContain(passphrase);
    }

    [Fact]
    public async Task Rotation_SignsWithBothForADay_ThenWithTheNewAlone()
    {
        await _world.GrowToAsync(10);
        await _world.Publisher().PublishAsync(World.Tenant, World.Cancellation);
        var (old, current) = KeyRing.Rotate(_world.KeyPath, "", Entropy.System, _world.Time);
        _world.ReopenSigner();

        await _world.Publisher().PublishAsync(World.Tenant, World.Cancellation);
        var overlap = await _world.NewestAsync();
        overlap.Checkpoint.Size.ShouldBe(12, "the rotation is an entry");
        overlap.Note.Verify(old.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
        overlap.Note.Verify(current.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();

        _world.Time.Now += KeyRing.Overlap;
        await _world.GrowToAsync(20);
        await _world.Publisher().PublishAsync(World.Tenant, World.Cancellation);
        var after = await _world.NewestAsync();
        after.Note.Verify(old.CreateVerifier()!).ShouldBeOfType<NoteVerdict.NoKnownKey>();
        after.Note.Verify(current.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();

        System.Text.Encoding.UTF8.GetString(await _world.FileAsync(KeyFile.Name)).ShouldBe($"{old} 0 12\n{current} 12\n");
    }

    [Fact]
    public async Task RotationThatACrashCutOff_SignsWithTheOneKeyThatThereIs()
    {
        await _world.GrowToAsync(10);
        PrivateFile.Write(_world.KeyPath + ".previous-until", "2099-01-01T00:00:00.0000000+00:00");
        PrivateFile.Write(_world.KeyPath + ".previous", PrivateFile.Read(_world.KeyPath));
        _world.ReopenSigner();

        await _world.Publisher().PublishAsync(World.Tenant, World.Cancellation);

        var key = (await _world.Signer.KeysAsync(World.Cancellation)).ShouldHaveSingleItem();
        (await _world.NewestAsync()).Note.Verify(key.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
    }

    [Fact]
    public async Task EachKey_IsAnEntryThatNamesTheOneBefore()
    {
        await _world.GrowToAsync(3);
        await RecordAsync();
        await RecordAsync();
        var (old, current) = KeyRing.Rotate(_world.KeyPath, "", Entropy.System, _world.Time);
        _world.ReopenSigner();
        await RecordAsync();

        var query = new AuditQuery { Actions = ["log.key_rotated"] };
        var entries = await _world.Store.QueryAsync(World.Tenant, query, World.Cancellation);

        entries.Count.ShouldBe(2);
        var (second, first) = (Details(entries[0]), Details(entries[1]));
        first.GetProperty("old").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("new").GetString().ShouldBe(old.ToString());
        second.GetProperty("old").GetString().ShouldBe(old.ToString());
        second.GetProperty("new").GetString().ShouldBe(current.ToString());
    }

    [Fact]
    public void KeyFile_ThatIsNone_IsAnAlarm()
    {
        var keys = KeyRing.Public(_world.KeyPath);

        Should.Throw<LedgerAlarmException>(() => KeyFile.After("nonsense 0\n"u8.ToArray(), 1, 2, keys));
        Should.Throw<LedgerAlarmException>(() => KeyFile.After(new byte[100_000], 1, 2, keys));
    }

    private ValueTask RecordAsync() =>
        new KeyRecorder(_world.Signer, _world.Store, _world.Changes, Entropy.System).RecordAsync(
            World.Tenant,
            World.Cancellation
        );

    private static JsonElement Details(LogEntry entry) =>
        JsonDocument.Parse(entry.Leaf).RootElement.GetProperty("meta").GetProperty("details");
}
