using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Halyard.Cli.Tests.Importing.FeatBit;

/// <summary>FeatBit's evaluation, written from its .NET SDK as plainly as it can be.</summary>
internal static class FeatBitOracle
{
    /// <summary>The id of the variation for a user, whose attributes are all text; null where the flag is malformed for them.</summary>
    public static string? Evaluate(JsonNode set, IReadOnlyDictionary<string, string> user)
    {
        var flag = set["featureFlags"]![0]!;
        if (!(bool)flag["isEnabled"]!)
            return (string?)flag["disabledVariationId"];
        foreach (var target in flag["targetUsers"]!.AsArray())
        {
            if (target!["keyIds"]!.AsArray().Any(id => (string?)id == user["keyId"]))
                return (string?)target["variationId"];
        }
        foreach (var rule in flag["rules"]!.AsArray())
        {
            if (rule!["conditions"]!.AsArray().All(condition => Matches(set, condition!, user)))
                return Roll(flag, rule, user);
        }
        return Roll(flag, flag["fallthrough"]!, user);
    }

    private static string? Roll(JsonNode flag, JsonNode owner, IReadOnlyDictionary<string, string> user)
    {
        var property = (string?)owner["dispatchKey"];
        var key = $"{flag["key"]}{user.GetValueOrDefault(string.IsNullOrWhiteSpace(property) ? "keyId" : property, "")}";
        foreach (var variation in owner["variations"]!.AsArray())
        {
            var (low, high) = ((double)variation!["rollout"]![0]!, (double)variation["rollout"]![1]!);
            if (low == 0 && 1 - high < 1e-5)
                return (string?)variation["id"];
            if (low == 0 && high == 0)
                continue;
            var hash = BitConverter.ToInt32(MD5.HashData(Encoding.UTF8.GetBytes(key)), 0);
            var place = Math.Abs((double)hash / int.MinValue);
            if (place >= low && place <= high)
                return (string?)variation["id"];
        }
        return null;
    }

    private static bool Matches(JsonNode set, JsonNode condition, IReadOnlyDictionary<string, string> user)
    {
        var (property, value) = ((string)condition["property"]!, (string)condition["value"]!);
        if (property is "User is in segment" or "User is not in segment")
            return JsonSerializer.Deserialize<string[]>(value)!.Any(id => IsIn(set, id, user))
                == (property == "User is in segment");
        return user.TryGetValue(property, out var own) && Holds((string)condition["op"]!, own, value);
    }

    private static bool IsIn(JsonNode set, string id, IReadOnlyDictionary<string, string> user)
    {
        var segment = set["segments"]!.AsArray().Single(each => (string?)each!["id"] == id)!;
        if (segment["excluded"]!.AsArray().Any(key => (string?)key == user["keyId"]))
            return false;
        return segment["included"]!.AsArray().Any(key => (string?)key == user["keyId"])
            || segment["rules"]!
                .AsArray()
                .Any(rule => rule!["conditions"]!.AsArray().All(condition => Matches(set, condition!, user)));
    }

    private static bool Holds(string operation, string own, string value) =>
        operation switch
        {
            "LessThan" => Compare(own, value) < 0,
            "LessEqualThan" => Compare(own, value) <= 0,
            "BiggerThan" => Compare(own, value) > 0,
            "BiggerEqualThan" => Compare(own, value) >= 0,
            "Equal" => own == value,
            "NotEqual" => own != value,
            "Contains" => own.Contains(value, StringComparison.Ordinal),
            "NotContain" => !own.Contains(value, StringComparison.Ordinal),
            "StartsWith" => own.StartsWith(value, StringComparison.Ordinal),
            "EndsWith" => own.EndsWith(value, StringComparison.Ordinal),
            "MatchRegex" => Regex.IsMatch(own, value, RegexOptions.None, TimeSpan.FromSeconds(1)),
            "NotMatchRegex" => !Regex.IsMatch(own, value, RegexOptions.None, TimeSpan.FromSeconds(1)),
            "IsOneOf" => JsonSerializer.Deserialize<string[]>(value)!.Contains(own),
            "NotOneOf" => !JsonSerializer.Deserialize<string[]>(value)!.Contains(own),
            "IsTrue" => own.Equals("TRUE", StringComparison.OrdinalIgnoreCase),
            "IsFalse" => own.Equals("FALSE", StringComparison.OrdinalIgnoreCase),
            _ => throw new InvalidOperationException(operation),
        };

    private static int? Compare(string own, string value) =>
        double.TryParse(own, CultureInfo.InvariantCulture, out var left)
        && double.TryParse(value, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : null;
}
