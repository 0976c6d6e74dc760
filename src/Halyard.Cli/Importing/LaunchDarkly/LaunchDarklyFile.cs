using System.Text.Json;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>A file of LaunchDarkly as flags and segments in environments, whichever form it has.</summary>
/// <param name="Environments">The environments' names.</param>
/// <param name="Flags">The flags.</param>
/// <param name="Segments">The segments of each environment that the file has them of.</param>
internal sealed record LaunchDarklyFile(
    IReadOnlyList<string> Environments,
    IReadOnlyList<LaunchDarklyFlag> Flags,
    IReadOnlyDictionary<string, IReadOnlyList<(string Key, SourceNode Node)>> Segments
)
{
    /// <summary>
    /// Reads one of these: the data that SDKs get, <c>{"flags":{key:flag},"segments":{key:segment}}</c>, which is one
    /// environment; the REST API's list of flags or of segments; or both lists in one,
    /// <c>{"flags":list,"segments":{environment:list}}</c>.
    /// </summary>
    public static LaunchDarklyFile Read(SourceNode root)
    {
        if (ListOf(root) is { } list)
            return OfList(list);
        if (root["flags"] is not { } flags)
            throw new UnreadableSourceException("it has no flags: LaunchDarkly's files have a member 'flags' or are lists");
        if (ListOf(flags) is { } written)
            return OfApi(written, root["segments"]?.Members() ?? []);

        var sdk = flags.Members().Select(flag => OfSdk(flag.Name, flag.Value)).ToList();
        var segments = root["segments"]?.Members() ?? [];
        return new LaunchDarklyFile(
            [ImportedProject.OnlyEnvironment],
            sdk,
            Only(ImportedProject.OnlyEnvironment, segments.Select(segment => (segment.Name, segment.Value)))
        );
    }

    private static LaunchDarklyFile OfList(IReadOnlyList<SourceNode> list) =>
        list is [var first, ..] && first["variations"] is null && first["included"] is not null
            ? new([ImportedProject.OnlyEnvironment], [], Only(ImportedProject.OnlyEnvironment, list.Select(Keyed)))
            : OfApi(list, []);

    private static LaunchDarklyFile OfApi(
        IReadOnlyList<SourceNode> flags,
        IReadOnlyList<(string Name, SourceNode Value)> segments
    )
    {
        var read = flags.Select(OfApi).ToList();
        var byEnvironment = segments.ToDictionary(
            environment => environment.Name,
            environment => (IReadOnlyList<(string, SourceNode)>)[.. ItemsOf(environment.Value).Select(Keyed)],
            StringComparer.Ordinal
        );
        var environments = read.SelectMany(flag => flag.Environments.Keys).Concat(byEnvironment.Keys);
        return new LaunchDarklyFile([.. environments.Distinct(StringComparer.Ordinal)], read, byEnvironment);
    }

    private static LaunchDarklyFlag OfApi(SourceNode flag) =>
        new(
            flag.RequiredText("key"),
            flag,
            (flag["environments"]?.Members() ?? []).ToDictionary(
                environment => environment.Name,
                environment => environment.Value,
                StringComparer.Ordinal
            )
        );

    private static LaunchDarklyFlag OfSdk(string name, SourceNode flag) =>
        new(
            flag.Text("key") ?? name,
            flag,
            new Dictionary<string, SourceNode>(StringComparer.Ordinal) { [ImportedProject.OnlyEnvironment] = flag }
        );

    private static (string, SourceNode) Keyed(SourceNode segment) => (segment.RequiredText("key"), segment);

    private static IReadOnlyList<SourceNode> ItemsOf(SourceNode node) => ListOf(node) ?? node.Items();

    /// <summary>A list, bare or in the <c>items</c> of an answer; null where it is neither.</summary>
    private static IReadOnlyList<SourceNode>? ListOf(SourceNode node) =>
        node.Element.ValueKind == JsonValueKind.Array ? node.Items()
        : node.Element.ValueKind == JsonValueKind.Object && node["items"] is { Element.ValueKind: JsonValueKind.Array } items
            ? items.Items()
        : null;

    private static Dictionary<string, IReadOnlyList<(string Key, SourceNode Node)>> Only(
        string environment,
        IEnumerable<(string, SourceNode)> segments
    ) => new(StringComparer.Ordinal) { [environment] = [.. segments] };
}

/// <summary>A flag.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Node">What is the same in all environments.</param>
/// <param name="Environments">How each serves it.</param>
internal sealed record LaunchDarklyFlag(string Key, SourceNode Node, IReadOnlyDictionary<string, SourceNode> Environments);
