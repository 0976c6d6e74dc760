using System.Runtime.CompilerServices;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Makes handles; the four types that a flag's values can have.</summary>
public static class FlagHandle
{
    /// <summary>A handle to a boolean flag.</summary>
    /// <param name="key">The flag's key; there need not be such a flag yet.</param>
    public static FlagHandle<bool> Boolean(string key) => new(key, FlagType.Boolean);

    /// <summary>A handle to a string flag.</summary>
    /// <param name="key">The flag's key; there need not be such a flag yet.</param>
    public static FlagHandle<string> String(string key) => new(key, FlagType.String);

    /// <summary>A handle to a number flag.</summary>
    /// <param name="key">The flag's key; there need not be such a flag yet.</param>
    public static FlagHandle<double> Number(string key) => new(key, FlagType.Number);

    /// <summary>A handle to a JSON flag, whose values are objects as UTF-8.</summary>
    /// <param name="key">The flag's key; there need not be such a flag yet.</param>
    public static FlagHandle<ReadOnlyMemory<byte>> Json(string key) => new(key, FlagType.Json);
}

/// <summary>
/// A flag by name and type, to be kept and asked often: it looks its flag up once per snapshot instead of once per evaluation.
/// Safe from any thread. Evaluating allocates nothing; the first evaluation with another snapshot allocates 32 bytes, so keep
/// one handle per environment. Holds on to the snapshot it was last asked with.
/// </summary>
/// <typeparam name="T"><see cref="bool"/>, <see cref="string"/>, <see cref="double"/> or UTF-8 JSON, as <see cref="FlagHandle"/> makes them.</typeparam>
public sealed class FlagHandle<T>
{
    private readonly FlagType _type;

    // Snapshot and flag travel together in one immutable object: a reader sees both or neither.
    private volatile Resolution _resolution = Resolution.None;

    internal FlagHandle(string key, FlagType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Key = key;
        _type = type;
    }

    /// <summary>The flag's key.</summary>
    public string Key { get; }

    /// <summary>
    /// Evaluates in a snapshot. <c>FLAG_NOT_FOUND</c> where it has no such flag, <c>TYPE_MISMATCH</c> and no variant where the
    /// flag's values have another type.
    /// </summary>
    /// <param name="snapshot">The environment's flags, as they are now.</param>
    /// <param name="context">Whom to evaluate for.</param>
    /// <param name="now">When; decides which overrides have expired.</param>
    public EvaluationResult Evaluate(CompiledSnapshot snapshot, EvaluationContext context, DateTimeOffset now)
    {
        if (Flag(snapshot) is not { } flag)
            return Evaluator.NotFound;
        return flag.Type == _type ? Evaluator.Evaluate(flag, context, now) : Evaluator.Evaluate(flag, context, now).As(_type);
    }

    /// <summary>The value served, or <paramref name="fallback"/> where there is none.</summary>
    /// <param name="snapshot">The environment's flags, as they are now.</param>
    /// <param name="context">Whom to evaluate for.</param>
    /// <param name="now">When; decides which overrides have expired.</param>
    /// <param name="fallback">What to go on with where the flag is missing, broken without a readable off variant, or of another type.</param>
    public T Value(CompiledSnapshot snapshot, EvaluationContext context, DateTimeOffset now, T fallback) =>
        Flag(snapshot) is { } flag && flag.Type == _type && Evaluator.Serve(flag, context, now) is { } variant
            ? Read(variant)
            : fallback;

    private CompiledFlag? Flag(CompiledSnapshot snapshot)
    {
        var resolution = _resolution;
        return ReferenceEquals(resolution.Snapshot, snapshot) ? resolution.Flag : Resolve(snapshot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CompiledFlag? Resolve(CompiledSnapshot snapshot)
    {
        snapshot.TryGetFlag(Key, out var flag);
        _resolution = new Resolution(snapshot, flag);
        return flag;
    }

    // The tests of T are decided when the code is compiled; only the branch that applies remains.
    private static T Read(CompiledVariant variant)
    {
        if (typeof(T) == typeof(bool))
        {
            var truth = variant.Scalar.Truth;
            return Unsafe.As<bool, T>(ref truth);
        }
        if (typeof(T) == typeof(double))
        {
            var number = variant.Scalar.Number;
            return Unsafe.As<double, T>(ref number);
        }
        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            var json = variant.ValueUtf8;
            return Unsafe.As<ReadOnlyMemory<byte>, T>(ref json);
        }
        var text = variant.Scalar.Text;
        return Unsafe.As<string, T>(ref text);
    }

    private sealed class Resolution(CompiledSnapshot? snapshot, CompiledFlag? flag)
    {
        public static readonly Resolution None = new(null, null);

        public readonly CompiledSnapshot? Snapshot = snapshot;
        public readonly CompiledFlag? Flag = flag;
    }
}
