using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Core.Tests.Changes;

/// <summary>What is kept of documents that were read is never believed against the store.</summary>
public sealed class LoadedShelfTests
{
    private readonly LoadedShelf _shelf = new();

    [Fact]
    public void Document_ThatIsTheSame_IsReadOnce()
    {
        var first = _shelf.Load("t", Stored("Web", 1));

        _shelf.Load("t", Stored("Web", 1)).ShouldBeSameAs(first);
    }

    [Fact]
    public void Document_ThatIsAnother_IsReadAnew_EvenUnderTheSameRevision()
    {
        _shelf.Load("t", Stored("Web", 1));

        _shelf.Load("t", Stored("Shop", 1)).Resource.ShouldBe(new Project("p_1", "web", "Shop", ""));
    }

    [Fact]
    public void Revision_ThatIsAnother_IsSaid_EvenWithTheSameDocument()
    {
        _shelf.Load("t", Stored("Web", 1));

        _shelf.Load("t", Stored("Web", 3)).Revision.ShouldBe(3);
    }

    [Fact]
    public void Tenants_ShareNothing()
    {
        var first = _shelf.Load("t", Stored("Web", 1));

        _shelf.Load("u", Stored("Web", 1)).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Document_WithPersonalValues_IsNotKept()
    {
        var stored = Stored("Web", 1) with { Sealed = [1] };

        _shelf.Load("t", stored).ShouldNotBeSameAs(_shelf.Load("t", stored));
    }

    [Fact]
    public void Documents_BeyondTheBound_AreForgotten()
    {
        var first = _shelf.Load("t", Stored("Web", 1));
        for (var i = 0; i < 90; i++)
            _shelf.Load("t", Stored(new string('x', 50_000), 1, $"p{i}"));

        _shelf.Load("t", Stored("Web", 1)).ShouldNotBeSameAs(first);
    }

    private static StoredResource Stored(string title, long revision, string key = "web") =>
        new(Project.NameOf(key), "p_1", revision, new Project("p_1", key, title, "").ToDocument(), null, default, default);
}
