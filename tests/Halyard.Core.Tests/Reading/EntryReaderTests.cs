using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Reading;

public sealed class EntryReaderTests
{
    /// <summary>
    /// Members of the segments that one change makes: patches that stand in the leaf and beside it, the others' alone and together.
    /// </summary>
    [Theory]
    [InlineData(10, 10)]
    [InlineData(300, 300)]
    [InlineData(10, 150, 150)]
    [InlineData(300, 300, 200, 200)]
    public async Task Find_WithEverything_ShowsEveryMemberOfEverySegment(params int[] members)
    {
        var operations = members.Select(
            (count, segment) => $$"""{"op":"createSegment","segment":"s{{segment}}","includes":[{{Members(segment, count)}}]}"""
        );
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        var applied = await pipeline.AppliedAsync(operations);

        var reader = new EntryReader(pipeline.Store, pipeline.Vault);
        var entry = await reader.FindAsync(
            Pipeline.Tenant,
            $"{applied.Receipt.Index}",
            Disclosure.Everything,
            _ => true,
            TestContext.Current.CancellationToken
        );

        entry
            .ShouldNotBeNull()
            .Values.Where(value => value.InDocument)
            .Select(value => value.Value)
            .ShouldBe(members.SelectMany((count, segment) => Members(segment, count).Split(',')), ignoreOrder: true);
    }

    private static string Members(int segment, int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(member => $"\"m{member}-of-s{segment}@example.com\""));
}
