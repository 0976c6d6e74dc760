using System.Globalization;
using System.Text.Json;
using Halyard.Cli.Importing.JsonLogic;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Flagd;

/// <summary>
/// Reads <c>fractional</c>, whose rule of bucketing is Halyard's own. What is hashed may be left out (the flag's key and the
/// targeting key), be an attribute, or be a fixed text in front of an attribute.
/// </summary>
internal sealed class FractionalReader(string key, IReadOnlySet<string> variants, LogicReader logic, List<Gap> gaps)
{
    private const string TargetingKey = "targetingKey";

    /// <summary>
    /// What is served, one after the other where there is nothing to hash; <see langword="null"/> where a gap was added.
    /// </summary>
    public IReadOnlyList<Serve>? Read(JsonElement arguments, string pointer)
    {
        var written = LogicReader.Arguments(arguments);
        var hasBucket = written is [{ ValueKind: not JsonValueKind.Array }, ..];
        var before = gaps.Count;
        var weights = new List<WeightedVariant>();
        for (var i = hasBucket ? 1 : 0; i < written.Count; i++)
        {
            if (ReadWeight(written[i], SourceDocument.Below(pointer, i)) is { } weight)
                weights.Add(weight);
        }
        if (gaps.Count > before)
            return null;
        var total = weights.Sum(weight => (long)weight.Weight);
        if (total is < 1 or > Limits.TotalWeight)
        {
            gaps.Add(new Gap(pointer, $"weights with a total of {total}"));
            return null;
        }
        var rollout = new Rollout(weights.ToSequence());
        if (!hasBucket)
            return [Serve.Split(rollout)];
        return ReadBucket(rollout, written[0], SourceDocument.Below(pointer, 0));
    }

    private WeightedVariant? ReadWeight(JsonElement written, string pointer)
    {
        var parts = written.ValueKind == JsonValueKind.Array ? written.EnumerateArray().ToList() : [];
        if (parts is not ([_] or [_, _]))
            return Gap(pointer, "a share that is not a variant and its weight");
        if (parts[0].ValueKind is not JsonValueKind.String)
            return Gap(SourceDocument.Below(pointer, 0), "a share whose variant is computed");
        var variant = parts[0].GetString()!;
        if (!variants.Contains(variant))
            return Gap(SourceDocument.Below(pointer, 0), $"'{variant}', which is none of the variants");
        var weight = 1;
        if (parts.Count == 2 && !(parts[1].ValueKind == JsonValueKind.Number && parts[1].TryGetInt32(out weight) && weight >= 0))
            return Gap(SourceDocument.Below(pointer, 1), "a weight that is no whole number from 0 to 2147483647");
        return new WeightedVariant(variant, weight);
    }

    private IReadOnlyList<Serve>? ReadBucket(Rollout rollout, JsonElement bucket, string pointer)
    {
        (bucket, pointer) = logic.Resolve(bucket, pointer);
        var operation = LogicReader.Operation(bucket);
        if (operation is ("var", var name) && AttributeOf(name) is { } attribute)
        {
            // Where the attribute is absent, flagd hashes the flag's key and the targeting key instead.
            return [Serve.Split(rollout with { Salt = "", BucketBy = BucketBy(attribute) }), Serve.Split(rollout)];
        }
        if (
            operation is ("cat", var parts)
            && SaltAndAttribute(LogicReader.Arguments(parts)) is var (salt, hashed)
            && VariantOfText(rollout, salt) is { } withoutAttribute
        )
        {
            var split = rollout with { Salt = salt == key ? null : salt, BucketBy = BucketBy(hashed) };
            // Joined to an absent attribute the text stands alone: everybody without it gets the same variant.
            return [Serve.Split(split), Serve.One(withoutAttribute)];
        }
        gaps.Add(new Gap(pointer, "a value to hash that is neither an attribute nor fixed text joined to one attribute"));
        return null;
    }

    private (string Salt, string Attribute)? SaltAndAttribute(IReadOnlyList<JsonElement> parts)
    {
        if (
            parts.Count == 0
            || LogicReader.Operation(parts[^1]) is not ("var", var last)
            || AttributeOf(last) is not { } attribute
        )
            return null;
        var salt = "";
        foreach (var part in parts.Take(parts.Count - 1))
        {
            if (part.ValueKind == JsonValueKind.String)
                salt += part.GetString();
            else if (
                LogicReader.Operation(part) is ("var", { ValueKind: JsonValueKind.String } name)
                && name.ValueEquals("$flagd.flagKey")
            )
                salt += key;
            else
                return null;
        }
        return (salt, attribute);
    }

    private static string? AttributeOf(JsonElement variable)
    {
        var name = LogicReader.Arguments(variable) is [{ ValueKind: JsonValueKind.String } only] ? only.GetString()! : "";
        var isPlain = !name.StartsWith('$') && !Array.Exists(name.Split('.'), part => part.All(char.IsAsciiDigit));
        return isPlain && name.Length > 0 ? name : null;
    }

    private static string? BucketBy(string attribute) => attribute == TargetingKey ? null : attribute;

    /// <summary>The variant of the bucket that a text alone falls into; null where it is too long to be a salt.</summary>
    private static string? VariantOfText(Rollout rollout, string text)
    {
        // Shares are told apart by their index, whatever their variants are called.
        var shares = Enumerable.Range(0, rollout.Weights.Count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        var flag = new FlagDefinition(
            "bucket",
            FlagType.Boolean,
            FlagStatus.Active,
            shares.Select(share => new Variant(share, FlagValue.Of(true))).ToSequence()
        );
        var weights = rollout.Weights.Select((weight, i) => weight with { Variant = shares[i] }).ToSequence();
        var split = Serve.Split(new Rollout(weights, Salt: text, BucketBy: "empty"));
        var configuration = new FlagEnvironment(true, shares[0], [], [], [], split);
        var compiled = SnapshotCompiler.Compile(new("", "", 0, [new FlagInEnvironment(flag, configuration, 0)], []));
        if (compiled.Diagnostics.Count > 0)
            return null;
        var context = new EvaluationContextBuilder(null).Set("empty", "").Build();
        var served = Evaluator.Evaluate(compiled.Snapshot, flag.Key, context, default).Variant!.Key;
        return rollout.Weights[int.Parse(served, CultureInfo.InvariantCulture)].Variant;
    }

    private WeightedVariant? Gap(string pointer, string what)
    {
        gaps.Add(new Gap(pointer, what));
        return null;
    }
}
