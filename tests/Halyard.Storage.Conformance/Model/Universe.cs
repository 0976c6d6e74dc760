using Halyard.Core.Flags;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance.Model;

/// <summary>The few names that random operations use: few enough that operations meet.</summary>
internal static class Universe
{
    public static string[] Tenants { get; } = ["t_1", "t_2"];

    public static string[] Projects { get; } = ["web", "mobile"];

    public static string[] Fences { get; } = ["refs/web", "refs/mobile"];

    public static string[] AnswerKeys { get; } = ["key-1", "key-2", "key-3", "key-4"];

    public static string[] Timers { get; } = ["a", "b", "B", "é", "b/1"];

    public static string[] Credentials { get; } = ["tok_1", "tok_2"];

    public static string[] People { get; } = ["alice", "bob", "carol", "O'Brien"];

    public static string[] Commitments { get; } = ["c_1", "c_2", "c_3", "c_4", "c_5"];

    public static string[] Sayings { get; } = ["switched on", "switched off", "on, not off", ""];

    public static string[] Texts { get; } = ["switched", "\"switched on\"", "o", "on off", "FEAT-1", "switched reason", "\""];

    public static ResourceName[] Resources { get; } =
    [
        Names.Flag("a"),
        Names.Flag("b"),
        Names.Flag("B"),
        Names.Flag("a", "mobile"),
        Names.Segment("a"),
        Names.Segment("s"),
        Names.Project("web"),
    ];
}
