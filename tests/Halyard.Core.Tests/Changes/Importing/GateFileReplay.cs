using System.Globalization;
using System.Text.Json;

namespace Halyard.Core.Tests.Changes.Importing;

/// <summary>
/// The OpenShift events replayed as plainly as can be, straight from the raw file: the answer that an import is held to.
/// </summary>
internal static class GateFileReplay
{
    /// <summary>Every gate at a time, with the environments in which it is enabled, and every environment.</summary>
    public static (SortedSet<string> Environments, SortedDictionary<string, SortedSet<string>> Gates) At(
        string path,
        DateTimeOffset at
    )
    {
        var environments = new SortedSet<string>(StringComparer.Ordinal);
        var gates = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
        {
            using var parsed = JsonDocument.Parse(line);
            var read = parsed.RootElement;
            if (DateTimeOffset.Parse(read.GetProperty("time").GetString()!, CultureInfo.InvariantCulture) > at)
                break;
            Apply(read, environments, gates);
        }
        return (environments, gates);
    }

    private static void Apply(JsonElement read, SortedSet<string> environments, SortedDictionary<string, SortedSet<string>> gates)
    {
        string Text(string member) => read.GetProperty(member).GetString()!.Replace('/', '.');
        switch (read.GetProperty("action").GetString())
        {
            case "import":
                foreach (var environment in read.GetProperty("state").EnumerateObject())
                    Add(environment.Name.Replace('/', '.'), environment.Value);
                break;
            case "environment-added":
                Add(Text("environment"), read.GetProperty("state"));
                break;
            case "environment-removed":
                environments.Remove(Text("environment"));
                foreach (var enabled in gates.Values)
                    enabled.Remove(Text("environment"));
                break;
            case "flag-created":
                gates[Text("flag")] = new(
                    read.GetProperty("enabled_in").EnumerateArray().Select(item => item.GetString()!.Replace('/', '.')),
                    StringComparer.Ordinal
                );
                break;
            case "flag-updated" when read.GetProperty("after").GetBoolean():
                gates[Text("flag")].Add(Text("environment"));
                break;
            case "flag-updated":
                gates[Text("flag")].Remove(Text("environment"));
                break;
            case "flag-removed":
                gates.Remove(Text("flag"));
                break;
            case var other:
                throw new InvalidDataException(other);
        }

        void Add(string environment, JsonElement state)
        {
            environments.Add(environment);
            foreach (var gate in state.EnumerateObject())
            {
                if (!gates.TryGetValue(gate.Name, out var enabled))
                    gates[gate.Name] = enabled = new(StringComparer.Ordinal);
                if (gate.Value.GetBoolean())
                    enabled.Add(environment);
            }
        }
    }
}
