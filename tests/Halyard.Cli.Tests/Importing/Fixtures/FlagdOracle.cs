using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Halyard.Cli.Tests.Importing;

/// <summary>
/// flagd as its documents describe it (jsonlogic.com, flagd.dev's custom operations), written to be read and not to be fast,
/// without a line of Halyard's. Answers the variant, or null for the caller's own default.
/// </summary>
internal static class FlagdOracle
{
    public static string? Evaluate(JsonNode definitions, string key, JsonNode context, long timestamp = 0)
    {
        var flag = definitions["flags"]![key]!;
        if (flag["state"]!.GetValue<string>() == "DISABLED")
            return null;
        var byDefault = flag["defaultVariant"]?.GetValue<string>();
        if (flag["targeting"] is not JsonObject { Count: > 0 } targeting)
            return byDefault;
        var data = (JsonObject)context.DeepClone();
        data["$flagd"] = new JsonObject { ["flagKey"] = key, ["timestamp"] = (double)timestamp };
        var result = Apply(targeting, data, definitions["$evaluators"]);
        var variant = result switch
        {
            null => byDefault,
            JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => result.GetValue<string>(),
        };
        return variant is not null && ((JsonObject)flag["variants"]!).ContainsKey(variant) ? variant : null;
    }

    private static JsonNode? Apply(JsonNode? logic, JsonObject data, JsonNode? evaluators)
    {
        if (logic is JsonArray list)
            return new JsonArray([.. list.Select(item => Apply(item, data, evaluators)?.DeepClone())]);
        if (logic is not JsonObject { Count: 1 } operation)
            return logic;
        var (name, written) = operation.First();
        JsonNode?[] raw = written is JsonArray array ? [.. array] : [written];
        JsonNode? Argument(int index) => index < raw.Length ? Apply(raw[index], data, evaluators) : null;
        switch (name)
        {
            case "$ref":
                return Apply(evaluators![written!.GetValue<string>()], data, evaluators);
            case "var":
                return Variable(Argument(0)!.GetValue<string>(), data) ?? Argument(1);
            case "if":
                for (var i = 0; i + 1 < raw.Length; i += 2)
                {
                    if (IsTruthy(Argument(i)))
                        return Argument(i + 1);
                }
                return raw.Length % 2 == 1 ? Argument(raw.Length - 1) : null;
            case "and":
                return raw.Select((_, i) => Argument(i)).FirstOrDefault(value => !IsTruthy(value), Argument(raw.Length - 1));
            case "or":
                return raw.Select((_, i) => Argument(i)).FirstOrDefault(IsTruthy, Argument(raw.Length - 1));
            case "!":
                return !IsTruthy(Argument(0));
            case "!!":
                return IsTruthy(Argument(0));
            case "==" or "===":
                return AreEqual(Argument(0), Argument(1));
            case "!=" or "!==":
                return !AreEqual(Argument(0), Argument(1));
            case "<":
                return raw.Length == 3
                    ? Number(Argument(0)) < Number(Argument(1)) && Number(Argument(1)) < Number(Argument(2))
                    : Number(Argument(0)) < Number(Argument(1));
            case "<=":
                return raw.Length == 3
                    ? Number(Argument(0)) <= Number(Argument(1)) && Number(Argument(1)) <= Number(Argument(2))
                    : Number(Argument(0)) <= Number(Argument(1));
            case ">":
                return Number(Argument(0)) > Number(Argument(1));
            case ">=":
                return Number(Argument(0)) >= Number(Argument(1));
            case "in":
                return Argument(1) switch
                {
                    JsonArray items => items.Any(item => JsonNode.DeepEquals(item, Argument(0))),
                    JsonValue text when text.GetValueKind() == JsonValueKind.String => Text(Argument(0)) is { } part
                        && text.GetValue<string>().Contains(part, StringComparison.Ordinal),
                    _ => false,
                };
            case "starts_with":
                return Text(Argument(0)) is { } start ? start.StartsWith(Text(Argument(1))!, StringComparison.Ordinal) : null;
            case "ends_with":
                return Text(Argument(0)) is { } end ? end.EndsWith(Text(Argument(1))!, StringComparison.Ordinal) : null;
            case "cat":
                return string.Concat(raw.Select((_, i) => Argument(i) is { } part ? part.ToString() : ""));
            case "sem_ver":
                return SemVer(Text(Argument(0)), Text(Argument(1))!, Text(Argument(2))!);
            case "fractional":
                return Fractional(raw, data, evaluators);
            default:
                throw new NotSupportedException(name);
        }
    }

    private static JsonNode? Variable(string path, JsonNode data)
    {
        JsonNode? found = data;
        foreach (var part in path.Split('.'))
            found = found is JsonObject members ? members[part] : null;
        return found;
    }

    private static bool IsTruthy(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Number => value.GetValue<double>() != 0,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            JsonValueKind.Array => ((JsonArray)value).Count > 0,
            _ => true,
        };

    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (left is null || right is null)
            return left is null && right is null;
        return Text(left) is { } one && Text(right) is { } other ? one == other : Number(left).Equals(Number(right));
    }

    private static double Number(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null or JsonValueKind.False => 0,
            JsonValueKind.True => 1,
            JsonValueKind.Number => value.GetValue<double>(),
            JsonValueKind.String => double.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out var number)
                ? number
                : double.NaN,
            _ => double.NaN,
        };

    private static string? Text(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool SemVer(string? version, string comparison, string bound)
    {
        if (version is null || Parse(version) is not { } left || Parse(bound) is not { } right)
            return false;
        var sign = Compare(left, right);
        return comparison switch
        {
            "=" => sign == 0,
            "!=" => sign != 0,
            "<" => sign < 0,
            "<=" => sign <= 0,
            ">" => sign > 0,
            ">=" => sign >= 0,
            "~" => left.Numbers[0] == right.Numbers[0] && left.Numbers[1] == right.Numbers[1],
            "^" => left.Numbers[0] == right.Numbers[0],
            _ => throw new NotSupportedException(comparison),
        };
    }

    // The tests' versions: up to three numbers and at most one pre-release word or number.
    private static (int[] Numbers, string Pre)? Parse(string version)
    {
        var halves = version.TrimStart('v', 'V').Split('-', 2);
        var numbers = halves[0]
            .Split('.')
            .Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var n) ? n : -1)
            .ToList();
        if (numbers.Count > 3 || numbers.Contains(-1))
            return null;
        while (numbers.Count < 3)
            numbers.Add(0);
        return ([.. numbers], halves.Length == 2 ? halves[1] : "");
    }

    private static int Compare((int[] Numbers, string Pre) left, (int[] Numbers, string Pre) right)
    {
        for (var i = 0; i < 3; i++)
        {
            if (left.Numbers[i] != right.Numbers[i])
                return left.Numbers[i].CompareTo(right.Numbers[i]);
        }
        return (left.Pre, right.Pre) switch
        {
            ("", "") => 0,
            ("", _) => 1,
            (_, "") => -1,
            _ => string.CompareOrdinal(left.Pre, right.Pre),
        };
    }

    private static JsonNode? Fractional(JsonNode?[] raw, JsonObject data, JsonNode? evaluators)
    {
        var hasBucket = raw[0] is not JsonArray;
        var value = hasBucket ? Text(Apply(raw[0], data, evaluators)) : null;
        if (value is null)
        {
            if (Text(data["targetingKey"]) is not { } targetingKey)
                return null;
            value = data["$flagd"]!["flagKey"]!.GetValue<string>() + targetingKey;
        }
        var shares = raw.Skip(hasBucket ? 1 : 0).Select(share => (JsonArray)share!).ToList();
        var weights = shares.Select(share => share.Count > 1 ? share[1]!.GetValue<long>() : 1).ToList();
        var bucket = (long)(((ulong)Murmur3(Encoding.UTF8.GetBytes(value)) * (ulong)weights.Sum()) >> 32);
        long end = 0;
        for (var i = 0; i < shares.Count; i++)
        {
            end += weights[i];
            if (bucket < end)
                return shares[i][0]!.DeepClone();
        }
        return null;
    }

    // MurmurHash3_x86_32 with seed 0, after Austin Appleby's public domain description.
    private static uint Murmur3(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            uint hash = 0;
            var tail = 0u;
            var shift = 0;
            foreach (var octet in data)
            {
                tail |= (uint)octet << shift;
                shift += 8;
                if (shift < 32)
                    continue;
                hash = uint.RotateLeft(hash ^ Mix(tail), 13) * 5 + 0xe6546b64;
                (tail, shift) = (0, 0);
            }
            if (shift > 0)
                hash ^= Mix(tail);
            hash ^= (uint)data.Length;
            hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
            hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
            return hash ^ (hash >> 16);
        }

        static uint Mix(uint block) => unchecked(uint.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593);
    }
}
