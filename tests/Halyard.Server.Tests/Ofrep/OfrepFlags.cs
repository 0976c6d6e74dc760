using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Ofrep;

/// <summary>Flags of every type, each deciding in its own way in the environment <c>staging</c>.</summary>
public static class OfrepFlags
{
    private const string Rule =
        """[{"id":"r_1","name":"","enabled":true,"conditions":[{"attribute":"country","operator":"equals","values":["de"]}],"serve":{"variant":"treatment"}}]""";

    private static readonly string[] Flags =
    [
        """{"key":"static","environments":{"staging":{"enabled":true}}}""",
        """{"key":"disabled","environments":{"staging":{"enabled":false}}}""",
        $$$$$"""
            {"key":"words","type":"string","variants":[{"key":"control","value":"Grüß Gott"},{"key":"treatment","value":"Ahoy"}],
             "defaults":{"on":"control","off":"control"},
             "environments":{"staging":{"enabled":true,"offVariant":"control","rules":{{{{{Rule}}}}},"fallthrough":{"variant":"control"}}}}
            """,
        $$$$$"""
            {"key":"whole","type":"number","variants":[{"key":"control","value":1},{"key":"treatment","value":42}],
             "defaults":{"on":"control","off":"control"},
             "environments":{"staging":{"enabled":true,"offVariant":"control","rules":{{{{{Rule}}}}},"fallthrough":{"variant":"control"}}}}
            """,
        $$$$$"""
            {"key":"fraction","type":"number","variants":[{"key":"control","value":0.25},{"key":"treatment","value":-1.5}],
             "defaults":{"on":"control","off":"control"},
             "environments":{"staging":{"enabled":true,"offVariant":"control","rules":{{{{{Rule}}}}},"fallthrough":{"variant":"control"}}}}
            """,
        $$$$$"""
            {"key":"shape","type":"json","variants":[{"key":"control","value":{}},{"key":"treatment","value":{"colour":"red","size":{"w":2}}}],
             "defaults":{"on":"control","off":"control"},
             "environments":{"staging":{"enabled":true,"offVariant":"control","rules":{{{{{Rule}}}}},"fallthrough":{"variant":"control"}}}}
            """,
        """
            {"key":"split","environments":{"staging":{"enabled":true,"offVariant":"off","fallthrough":
             {"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}]}}}}}
            """,
        """
            {"key":"needy","environments":{"staging":{"enabled":true,"offVariant":"off","fallthrough":{"variant":"on"},
             "prerequisites":[{"flag":"disabled","variants":["on"]}]}}}
            """,
    ];

    public static IReadOnlyList<string> Keys { get; } =
    ["disabled", "fraction", "needy", "shape", "split", "static", "whole", "words"];

    /// <summary>Makes the project with the flags, and gives an SDK key for it.</summary>
    public static async Task<string> CreateAsync(HalyardServer server, string project)
    {
        await server.ProjectAsync(project);
        foreach (var flag in Flags)
            (await server.PostAsync($"/api/v1/projects/{project}/flags", flag)).Expect(200);
        return (await server.SdkKeyAsync(project, "staging")).Secret;
    }
}
