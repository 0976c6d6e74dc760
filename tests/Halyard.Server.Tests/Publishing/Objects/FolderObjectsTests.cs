using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Server.Publishing.Objects;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Server.Tests.Publishing.Objects;

public sealed class FolderObjectsTests : ObjectStoreConformance
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-objects-");

    private string Root => Path.Combine(_folder.FullName, "below", "objects");

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Link_InPlaceOfAFolder_IsNotFollowed()
    {
        var outside = _folder.CreateSubdirectory("outside").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "s", Cancellation);
        await Store.CreateAsync("a/b", "x"u8.ToArray(), Cancellation);
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), outside);

        await Should.ThrowAsync<IOException>(async () => await Store.ReadAsync("link/secret", Cancellation));
        await Should.ThrowAsync<IOException>(async () => await Store.CreateAsync("link/new", "x"u8.ToArray(), Cancellation));
        await Should.ThrowAsync<IOException>(async () => await Store.ReplaceAsync("link/secret", "x"u8.ToArray(), Cancellation));
        await Should.ThrowAsync<IOException>(async () => await Store.DeleteAsync("link/secret", Cancellation));
        await Should.ThrowAsync<IOException>(async () => await ListAsync("link/"));
        (await ListAsync("")).ShouldBe(["a/b"]);
        (await File.ReadAllTextAsync(Path.Combine(outside, "secret"), Cancellation)).ShouldBe("s");
        Directory.GetFiles(outside).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Link_InPlaceOfAnObject_IsNotFollowed()
    {
        var secret = Path.Combine(_folder.FullName, "secret");
        await File.WriteAllTextAsync(secret, "s", Cancellation);
        await Store.CreateAsync("a/b", "x"u8.ToArray(), Cancellation);
        File.CreateSymbolicLink(Path.Combine(Root, "a", "link"), secret);
        File.CreateSymbolicLink(Path.Combine(Root, "a", "dangling"), secret + "-none");

        foreach (var path in new[] { "a/link", "a/dangling" })
        {
            await Should.ThrowAsync<IOException>(async () => await Store.ReadAsync(path, Cancellation));
            await Should.ThrowAsync<IOException>(async () => await Store.CreateAsync(path, "x"u8.ToArray(), Cancellation));
            await Should.ThrowAsync<IOException>(async () => await Store.ReplaceAsync(path, "x"u8.ToArray(), Cancellation));
        }
        (await File.ReadAllTextAsync(secret, Cancellation)).ShouldBe("s");
    }

    [Fact]
    public async Task WriteThatBrokeOff_LeavesNoObject_AndIsNeverListed()
    {
        await Store.CreateAsync("a", "x"u8.ToArray(), Cancellation);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.CreateAsync("b", new byte[100_000], cancelled.Token)
        );

        (await ListAsync("")).ShouldBe(["a"]);
        Directory.GetFiles(Root, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(Root, "a")]);
    }

    [Fact]
    public async Task Folders_CanBeReadByTheirOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("modes of files are Unix's");
        await Store.CreateAsync("a/b", "x"u8.ToArray(), Cancellation);

        File.GetUnixFileMode(Root).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    protected override ValueTask<IObjectStore> OpenAsync() =>
        ValueTask.FromResult<IObjectStore>(new FolderObjects(Root, Entropy.System));
}
