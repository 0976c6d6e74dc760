using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Halyard.Evaluation.Definitions;

/// <summary>
/// The names that enumerations have in JSON: the camel-case name, unless the member carries
/// <see cref="JsonStringEnumMemberNameAttribute"/>. Names are case-sensitive.
/// </summary>
public static class WireNames
{
    /// <summary>The wire name of a value.</summary>
    /// <exception cref="KeyNotFoundException">The value is not declared.</exception>
    public static string Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>(TEnum value)
        where TEnum : struct, Enum => Table<TEnum>.Names[value];

    /// <summary>The value with this wire name; false where there is none.</summary>
    public static bool TryParse<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>(
        string name,
        out TEnum value
    )
        where TEnum : struct, Enum => Table<TEnum>.Values.TryGetValue(name, out value);

    /// <summary>All wire names, in order of declaration.</summary>
    public static IReadOnlyList<string> All<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>()
        where TEnum : struct, Enum => Table<TEnum>.Ordered;

    /// <summary>The wire name.</summary>
    public static string WireName(this FlagType value) => Of(value);

    /// <summary>The wire name.</summary>
    public static string WireName(this FlagStatus value) => Of(value);

    /// <summary>The wire name.</summary>
    public static string WireName(this WhenMissing value) => Of(value);

    /// <summary>The wire name.</summary>
    public static string WireName(this BucketingHash value) => Of(value);

    /// <summary>The wire name; <c>in</c> is read as <see cref="ConditionOperator.Equals"/> but never written.</summary>
    public static string WireName(this ConditionOperator value) => Of(value);

    private static class Table<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>
        where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>()
            .Distinct()
            .ToFrozenDictionary(value => value, NameOf);

        public static readonly FrozenDictionary<string, TEnum> Values = Names.ToFrozenDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.Ordinal
        );

        public static readonly string[] Ordered = [.. Enum.GetValues<TEnum>().Distinct().Select(value => Names[value])];

        private static string NameOf(TEnum value)
        {
            var name = value.ToString();
            return typeof(TEnum).GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? JsonNamingPolicy.CamelCase.ConvertName(name);
        }
    }
}
