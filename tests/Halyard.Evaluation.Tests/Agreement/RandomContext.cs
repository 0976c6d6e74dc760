using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>Contexts whose attributes are mostly of the type their name promises, and sometimes anything.</summary>
internal sealed class RandomContext(Dice dice)
{
    public const string Text = "plan";
    public const string Number = "age";
    public const string Version = "version";
    public const string Time = "when";
    public const string Address = "ip";
    public const string Whole = "id";

    public static readonly string[] Names =
    [
        Text,
        Number,
        Version,
        Time,
        Address,
        Whole,
        "beta",
        "app.version",
        "company.plan",
        "company.size.now",
        "a..b",
        "Plan",
        "é",
        "targetingKey",
    ];

    public NaiveContext Next()
    {
        var attributes = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var name in Names.Where(_ => !dice.OneIn(4)))
            Add(attributes, name);
        return new NaiveContext(dice.OneIn(8) ? null : dice.One(Pools.UsersSaid), attributes);
    }

    private void Add(Dictionary<string, object?> attributes, string name)
    {
        if (name == "targetingKey")
            return;
        var parts = name.Split('.');
        if (parts.Length == 1 || dice.OneIn(4))
            attributes[name] = Value(parts[^1]);
        if (parts.Length == 1)
            return;
        var map = attributes;
        foreach (var part in parts[..^1])
        {
            if (map.GetValueOrDefault(part) is not Dictionary<string, object?> inner)
                map[part] = inner = new Dictionary<string, object?>(StringComparer.Ordinal);
            map = inner;
        }
        map[parts[^1]] = Value(parts[^1]);
    }

    private object? Value(string name) =>
        dice.Below(12) switch
        {
            0 => dice.Some(3, () => Value(name)),
            1 => Any(),
            _ => Promised(name),
        };

    private object? Promised(string name) =>
        name switch
        {
            Number or "now" => dice.One(Pools.NumbersSaid),
            Version => dice.One(Pools.VersionsSaid),
            Time => dice.OneIn(2) ? dice.One(Pools.TimesSaid) : dice.One(Pools.TimeNumbersSaid),
            Address => dice.One(Pools.AddressesSaid),
            Whole => dice.OneIn(2) ? dice.One(Pools.UsersSaid) : dice.One(Pools.NumbersSaid),
            "beta" => dice.OneIn(2),
            _ => dice.One(Pools.TextsSaid),
        };

    private object? Any() =>
        dice.Below(7) switch
        {
            0 => null,
            1 => dice.OneIn(2),
            2 => new Dictionary<string, object?>(StringComparer.Ordinal) { ["plan"] = "pro" },
            3 => new object?[] { null, new object?[] { "pro", 5.0 } },
            4 => Array.Empty<object?>(),
            5 => dice.One(Pools.NumbersSaid),
            _ => dice.One(Pools.TextsSaid),
        };
}
