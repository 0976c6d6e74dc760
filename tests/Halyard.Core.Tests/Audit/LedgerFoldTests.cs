using System.Text;
using System.Text.Json.Nodes;
using Halyard.Core.Audit;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Audit;

public sealed class LedgerFoldTests
{
    private static readonly Dictionary<Digest, byte[]> NoBlobs = [];

    [Fact]
    public async Task Fold_OfAPlainLog_IsTheStateItImplies()
    {
        var leaves = await LeavesAsync();

        var fold = LedgerFold.Of(leaves, NoBlobs);

        fold.Disagreement.ShouldBeNull();
        fold.Size.ShouldBe(leaves.Count);
        fold.Resources.Values.Select(resource => (resource.Name.Key, resource.Revision))
            .ShouldBe([("acme", 1), ("web", 1), ("dev", 1), ("prod", 1), ("f", 3)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("idx", "7", null)]
    [InlineData("resource/rev_from", "0", "f")]
    [InlineData("resource/rev_from", "2", "f")]
    [InlineData("resource/rev_to", "4", "f")]
    [InlineData("resource/id", "\"r_other\"", "f")]
    [InlineData("resource/kind", "\"person\"", null)]
    [InlineData("resource/key", "\"g\"", "g")]
    [InlineData("project", "\"other\"", "f")]
    [InlineData("change/before", "null", "f")]
    [InlineData("change/after", "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"", "f")]
    [InlineData("change/patch", "[]", "f")]
    [InlineData("change/patch", "5", "f")]
    [InlineData("change/patch", "{\"$blob\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"}", "f")]
    [InlineData("change/patch/0/value", "\"changed\"", "f")]
    [InlineData("change", "null", "f")]
    public async Task Fold_OfAnAlteredLeaf_NamesTheFirstDisagreement(string member, string value, string? key)
    {
        var leaves = (await LeavesAsync()).ToList();
        var node = JsonNode.Parse(leaves[4])!;
        Set(node, member.Split('/'), JsonNode.Parse(value));
        leaves[4] = Encoding.UTF8.GetBytes(node.ToJsonString());

        var fold = LedgerFold.Of(leaves, NoBlobs);

        fold.Disagreement.ShouldNotBeNull();
        fold.Disagreement.Index.ShouldBe(4);
        fold.Disagreement.Resource?.Key.ShouldBe(key);
        fold.Disagreement.Message.ShouldNotBeEmpty();
        fold.Size.ShouldBe(4);
    }

    [Fact]
    public async Task Fold_OfALogWithoutOneEntry_Disagrees()
    {
        var leaves = (await LeavesAsync()).ToList();
        for (var gone = 0; gone < leaves.Count - 1; gone++)
        {
            List<byte[]> rest = [.. leaves];
            rest.RemoveAt(gone);
            LedgerFold.Of(rest, NoBlobs).Disagreement.ShouldNotBeNull().Index.ShouldBe(gone);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"idx\":\"0\"}")]
    public void Fold_OfGarbage_DisagreesAndDoesNotThrow(string leaf)
    {
        var fold = LedgerFold.Of([Encoding.UTF8.GetBytes(leaf)], NoBlobs);

        fold.Disagreement.ShouldNotBeNull();
        fold.Append("{}"u8.ToArray()).ShouldBeFalse();
    }

    private static async Task<IReadOnlyList<byte[]>> LeavesAsync() =>
        await (
            await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"), Ops.Enable("f"), Ops.Rename("f", "x"))
        ).LeavesAsync();

    private static void Set(JsonNode node, string[] path, JsonNode? value)
    {
        foreach (var token in path[..^1])
            node = (int.TryParse(token, out var index) ? node[index] : node[token])!;
        node[path[^1]] = value;
    }
}
