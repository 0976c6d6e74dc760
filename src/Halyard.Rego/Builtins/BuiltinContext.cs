namespace Halyard.Rego;

/// <summary>What a built-in may use besides its arguments; belongs to one evaluation and one thread.</summary>
internal sealed class BuiltinContext(BudgetMeter meter, DateTimeOffset now, ulong seed)
{
    private readonly Dictionary<(string Area, RegoValue Key), object> _cache = [];

    /// <summary>The time of the whole evaluation.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Where chance starts; built-ins that draw derive from it and their arguments, so that one evaluation is consistent.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The error said last, or null.</summary>
    public BuiltinError? Error { get; private set; }

    /// <summary>The built-in that runs, for messages.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Counts work of about so many simple operations; ends the evaluation when its budget is used up.</summary>
    public void Spend(long steps) => meter.Spend(steps);

    /// <summary>Counts memory before it is taken; ends the evaluation when its budget is used up.</summary>
    /// <param name="bytes">About how many bytes the result will hold.</param>
    public void Reserve(long bytes) => meter.Reserve(bytes);

    /// <summary>Says that the built-in failed (<c>eval_builtin_error</c>).</summary>
    /// <returns>Null, to be returned.</returns>
    public RegoValue? Fail(string message)
    {
        Error = new BuiltinError("eval_builtin_error", $"{Name}: {message}");
        return null;
    }

    /// <summary>Says that an argument is of a wrong type (<c>eval_type_error</c>).</summary>
    /// <returns>Null, to be returned.</returns>
    public RegoValue? FailType(string message)
    {
        Error = new BuiltinError("eval_type_error", $"{Name}: {message}");
        return null;
    }

    /// <summary>Something costly made once in an evaluation, for example a compiled pattern.</summary>
    /// <param name="area">Whose cache it is.</param>
    /// <param name="key">What it was made from.</param>
    /// <param name="make">Makes it the first time.</param>
    public T Cached<T>(string area, RegoValue key, Func<RegoValue, T> make)
        where T : class
    {
        if (!_cache.TryGetValue((area, key), out var found))
            _cache[(area, key)] = found = make(key);
        return (T)found;
    }

    internal void Begin(string name)
    {
        Name = name;
        Error = null;
    }
}

/// <summary>Why a built-in gave no result.</summary>
internal sealed record BuiltinError(string Code, string Message);
