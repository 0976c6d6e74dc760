using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// The same flags in Microsoft.FeatureManagement, set up as its documentation says. It knows no attributes: plan and team are
/// groups of its targeting filter. It cannot demand that several hold, so shape c has no equal, and in g stands as one group.
/// </summary>
internal sealed class ManagedFlags : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IVariantFeatureManager _manager;

    private readonly TargetingContext _context = new()
    {
        UserId = Subjects.FloorContext.Key,
        Groups = [Subjects.FloorContext.Slots[FloorContext.Plan], Subjects.FloorContext.Slots[FloorContext.Team]],
    };

    public ManagedFlags(IEnumerable<(string Key, char Shape)> flags)
    {
        var array = new JsonArray([.. flags.Select(flag => Flag(flag.Key, flag.Shape))]);
        var schema = new JsonObject { ["feature_management"] = new JsonObject { ["feature_flags"] = array } };
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(schema.ToJsonString()));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddFeatureManagement();
        _services = services.BuildServiceProvider();
        _manager = _services.GetRequiredService<IVariantFeatureManager>();
    }

    public static bool CanExpress(char shape) => shape != 'c';

    public async ValueTask<int> BooleanAsync(string key) => await _manager.IsEnabledAsync(key, _context) ? 1 : 0;

    public async ValueTask<int> JsonAsync(string key)
    {
        var variant = await _manager.GetVariantAsync(key, _context);
        return variant.Configuration["columns"]!.Length;
    }

    public void Dispose() => _services.Dispose();

    private static JsonNode Flag(string key, char shape) =>
        shape switch
        {
            'a' => Parse($$"""{"id":"{{key}}","enabled":true}"""),
            'b' => Targeted(key, ["enterprise"], 0),
            'c' => Targeted(key, ["team-777"], 0),
            'd' => Targeted(key, [], 50),
            'e' => Targeted(key, Subjects.Teams, 0),
            'f' => Parse(
                $$$"""
                {"id":"{{{key}}}","enabled":true,
                 "variants":[{{{Variant("a", 2)}}},{{{Variant("b", 3)}}},{{{Variant("c", 4)}}}],
                 "allocation":{"percentile":[{"variant":"a","from":0,"to":33},{"variant":"b","from":33,"to":66},{"variant":"c","from":66,"to":100}]}}
                """
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
        };

    private static JsonNode Targeted(string key, IEnumerable<string> groups, int share)
    {
        var all = string.Join(',', groups.Select(group => $$"""{"Name":"{{group}}","RolloutPercentage":100}"""));
        return Parse(
            $$$"""
            {"id":"{{{key}}}","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting",
             "parameters":{"Audience":{"Groups":[{{{all}}}],"DefaultRolloutPercentage":{{{share}}} } } } ] } }
            """
        );
    }

    private static string Variant(string name, int columns) =>
        $$$"""{"name":"{{{name}}}","configuration_value":{"columns":{{{columns}}}}}""";

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
