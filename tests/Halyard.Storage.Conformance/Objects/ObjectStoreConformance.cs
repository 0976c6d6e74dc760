using System.Text;
using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.Objects;

/// <summary>What every store of objects promises. A test class for one derives from this and opens it.</summary>
public abstract class ObjectStoreConformance : IAsyncLifetime
{
    private static readonly byte[] One = Encoding.UTF8.GetBytes("one\n");
    private static readonly byte[] Two = Encoding.UTF8.GetBytes("two\n");

    private IObjectStore? _store;

    public static TheoryData<string> NoPaths =>
        [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a/..",
            "a\\b",
            "a b",
            "a\0",
            "a\n",
            "C:",
            "~unfinished/a",
            "a%2e",
            "ä",
            "a*",
            "a?",
            new string('a', ObjectPath.MaxLength + 1),
        ];

    /// <summary>The store under test; empty when a test begins.</summary>
    protected IObjectStore Store => _store ?? throw new InvalidOperationException("The store is not open yet.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a store without objects.</summary>
    protected abstract ValueTask<IObjectStore> OpenAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Create_OfSomethingNew_IsReadBack()
    {
        (await Store.CreateAsync("tile/0/000.p/7", One, Cancellation)).ShouldBe(Creation.Created);

        (await Store.ReadAsync("tile/0/000.p/7", Cancellation)).ShouldBe(One);
    }

    [Fact]
    public async Task Create_OfTheSameBytes_SaysSoAndChangesNothing()
    {
        await Store.CreateAsync("a", One, Cancellation);

        (await Store.CreateAsync("a", One, Cancellation)).ShouldBe(Creation.Same);
        (await Store.ReadAsync("a", Cancellation)).ShouldBe(One);
    }

    [Fact]
    public async Task Create_WhereOtherBytesAre_LeavesThem()
    {
        await Store.CreateAsync("a", One, Cancellation);

        (await Store.CreateAsync("a", Two, Cancellation)).ShouldBe(Creation.Different);
        (await Store.CreateAsync("a", Array.Empty<byte>(), Cancellation)).ShouldBe(Creation.Different);
        (await Store.CreateAsync("a", One.AsMemory(0, 3), Cancellation)).ShouldBe(Creation.Different);
        (await Store.ReadAsync("a", Cancellation)).ShouldBe(One);
    }

    [Fact]
    public async Task Create_ByManyAtOnce_HasOneWinnerAndItsBytesStay()
    {
        var contents = Enumerable.Range(0, 12).Select(i => Encoding.UTF8.GetBytes($"writer {i}")).ToList();

        for (var round = 0; round < 20; round++)
        {
            var path = $"race/{round}";
            var results = await Task.WhenAll(
                contents.Select(content =>
                    Task.Run(async () => await Store.CreateAsync(path, content, Cancellation), Cancellation)
                )
            );

            var winner = results.Index().Single(result => result.Item == Creation.Created).Index;
            results.Count(result => result == Creation.Different).ShouldBe(contents.Count - 1);
            (await Store.ReadAsync(path, Cancellation)).ShouldBe(contents[winner]);
        }
    }

    [Fact]
    public async Task Create_OfNothing_IsAnEmptyObject()
    {
        (await Store.CreateAsync("empty", Array.Empty<byte>(), Cancellation)).ShouldBe(Creation.Created);

        (await Store.ReadAsync("empty", Cancellation)).ShouldNotBeNull().ShouldBeEmpty();
        (await Store.CreateAsync("empty", Array.Empty<byte>(), Cancellation)).ShouldBe(Creation.Same);
    }

    [Fact]
    public async Task Create_OfSeveralMebibytes_IsReadBack()
    {
        var content = new byte[(5 << 20) + 3];
        new Random(4711).NextBytes(content);

        await Store.CreateAsync("large", content, Cancellation);

        (await Store.ReadAsync("large", Cancellation)).ShouldNotBeNull().AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task Replace_WritesOverWhatIsThere()
    {
        await Store.ReplaceAsync("checkpoint", One, Cancellation);
        await Store.ReplaceAsync("checkpoint", Two, Cancellation);

        (await Store.ReadAsync("checkpoint", Cancellation)).ShouldBe(Two);
    }

    [Fact]
    public async Task Replace_WhileOthersRead_ShowsTheOldBytesOrTheNew()
    {
        var old = Enumerable.Repeat((byte)'o', 100_000).ToArray();
        var other = Enumerable.Repeat((byte)'n', 50_000).ToArray();
        await Store.ReplaceAsync("checkpoint", old, Cancellation);

        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 20; i++)
                    await Store.ReplaceAsync("checkpoint", i % 2 == 0 ? other : old, Cancellation);
            },
            Cancellation
        );
        do
        {
            var seen = (await Store.ReadAsync("checkpoint", Cancellation)).ShouldNotBeNull();
            (seen.AsSpan().SequenceEqual(old) || seen.AsSpan().SequenceEqual(other)).ShouldBeTrue($"{seen.Length} bytes");
        } while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public async Task Read_OfWhatIsNotThere_IsNull()
    {
        await Store.CreateAsync("a/b", One, Cancellation);

        (await Store.ReadAsync("a/c", Cancellation)).ShouldBeNull();
        (await Store.ReadAsync("b/c/d", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_RemovesOneObject_AndIsNoErrorWhereThereIsNone()
    {
        await Store.CreateAsync("a/b", One, Cancellation);
        await Store.CreateAsync("a/c", Two, Cancellation);

        await Store.DeleteAsync("a/b", Cancellation);
        await Store.DeleteAsync("a/b", Cancellation);
        await Store.DeleteAsync("x/y", Cancellation);

        (await Store.ReadAsync("a/b", Cancellation)).ShouldBeNull();
        (await Store.CreateAsync("a/b", Two, Cancellation)).ShouldBe(Creation.Created);
        (await Store.ReadAsync("a/c", Cancellation)).ShouldBe(Two);
    }

    [Fact]
    public async Task List_GivesWhatBeginsWithThePrefix_InOrdinalOrder()
    {
        string[] paths = ["a.b", "a/b", "a/b.p/1", "a-b", "a/B", "ab", "b", "a/c/d", "a/10", "a/9"];
        foreach (var path in paths)
            await Store.CreateAsync(path, One, Cancellation);

        (await ListAsync("")).ShouldBe(paths.Order(StringComparer.Ordinal));
        (await ListAsync("a")).ShouldBe(paths.Where(path => path[0] == 'a').Order(StringComparer.Ordinal));
        (await ListAsync("a/")).ShouldBe(["a/10", "a/9", "a/B", "a/b", "a/b.p/1", "a/c/d"]);
        (await ListAsync("a/b")).ShouldBe(["a/b", "a/b.p/1"]);
        (await ListAsync("a/c/d")).ShouldBe(["a/c/d"]);
        (await ListAsync("nothing/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_OfMoreThanAPage_IsWhole()
    {
        var paths = Enumerable.Range(0, 1_203).Select(i => $"many/{i:D5}").ToList();
        await Parallel.ForEachAsync(
            paths,
            Cancellation,
            async (path, cancellation) => await Store.CreateAsync(path, One, cancellation)
        );

        (await ListAsync("many/")).ShouldBe(paths);
    }

    [Theory]
    [MemberData(nameof(NoPaths))]
    public async Task Path_ThatIsNone_IsRefusedEverywhere(string path)
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Store.ReadAsync(path, Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.CreateAsync(path, One, Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.ReplaceAsync(path, One, Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.DeleteAsync(path, Cancellation));
        (await ListAsync("")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("a//")]
    [InlineData("a/../")]
    [InlineData("a\\")]
    public async Task Prefix_ThatNoPathBeginsWith_IsRefused(string prefix) =>
        await Should.ThrowAsync<ArgumentException>(async () => await ListAsync(prefix));

    protected async Task<List<string>> ListAsync(string prefix)
    {
        var paths = new List<string>();
        await foreach (var path in Store.ListAsync(prefix, Cancellation))
            paths.Add(path);
        return paths;
    }
}
