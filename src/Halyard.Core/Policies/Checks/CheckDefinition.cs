using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Checks;

/// <summary>Where a check's evidence comes from. Wire names: push, http, json-metric, prometheus, soak.</summary>
public enum CheckSource
{
    /// <summary>Somebody reports it, signed.</summary>
    Push,

    /// <summary>A service is asked about the very content, and answers about it.</summary>
    Http,

    /// <summary>Numbers in a JSON document.</summary>
    [JsonStringEnumMemberName("json-metric")]
    JsonMetric,

    /// <summary>Answers to queries of Prometheus.</summary>
    Prometheus,

    /// <summary>The ledger: how long the configuration was in force.</summary>
    Soak,
}

/// <summary>What can be changed about a check.</summary>
/// <param name="Source">Where its evidence comes from.</param>
/// <param name="Title">Words for people; may be empty.</param>
/// <param name="Target">The address that is asked; empty for push and soak.</param>
/// <param name="Secret">The name of the secret that signs reports, or that is sent as a bearer token; or <see langword="null"/>.</param>
/// <param name="Measures">What each number is called there: a member's name, or a query.</param>
/// <param name="Thresholds">What the numbers must be; of the checks that ship this is fixed, and empty here.</param>
/// <param name="ValidFor">How long evidence may be relied on.</param>
/// <param name="SoakIn">The type of the environments that it must have been in force in; for soak alone.</param>
/// <param name="SoakFor">For how long; for soak alone.</param>
public sealed record CheckSettings(
    CheckSource Source,
    string Title,
    string Target,
    string? Secret,
    Sequence<CheckMeasure> Measures,
    Sequence<Threshold> Thresholds,
    TimeSpan ValidFor,
    EnvironmentType SoakIn,
    TimeSpan SoakFor
);

/// <summary>A number that a check measures.</summary>
/// <param name="Name">Its name in thresholds and gates.</param>
/// <param name="From">The member's name, or the query.</param>
public sealed record CheckMeasure(string Name, string From);

/// <summary>
/// An environment check: something that must have been seen to be so before a change takes effect. Policies and gates name it by its
/// key. It holds the name of a secret, never a secret.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Unique in the tenant; that of a check that ships says where its evidence comes from.</param>
/// <param name="Settings">What can be changed.</param>
public sealed record CheckDefinition(string Id, string Key, CheckSettings Settings) : Resource(Id, NameOf(Key))
{
    /// <summary>The fence that orders what names checks against their deletion.</summary>
    public const string Fence = "checks";

    /// <summary>Where the check with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Check, "", key);

    /// <summary>What the numbers must be: of a check that ships what its name promises.</summary>
    public IReadOnlyList<Threshold> Thresholds =>
        BuiltInChecks.Thresholds.TryGetValue(Key, out var fixedOnes) ? fixedOnes : Settings.Thresholds;

    /// <summary>Judges numbers; without thresholds it only measures, which is never a pass.</summary>
    public CheckOutcome Judge(IReadOnlyDictionary<string, Measured> readings) =>
        Thresholds.Count == 0
            ? CheckOutcome.Unknown("it measures, and has no threshold that says what would be good")
            : CheckOutcome.All([
                .. Thresholds.Select(threshold =>
                    threshold.Judge(readings.GetValueOrDefault(threshold.Field) ?? Measured.Missing("it was not measured"))
                ),
            ]);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        CheckJson.WriteSettings(writer, Settings);
    }
}
