using Halyard.Cli.Importing.Planning;
using Halyard.Cli.Importing.Sending;

namespace Halyard.Cli.Importing;

/// <summary>Says what an import creates, passes over and leaves out, and why.</summary>
internal static class ImportReport
{
    /// <summary>Writes the report, notes first by what they are about.</summary>
    public static async Task WriteAsync(CliHost host, ImportPlan plan, IReadOnlyDictionary<string, Presence> presence)
    {
        foreach (var segment in plan.Segments)
            await SayAsync(host, $"segment {segment.Definition.Key}", presence, "");
        foreach (var flag in plan.Flags)
            await SayAsync(host, $"flag {flag.Key}", presence, Configurations(flag));

        foreach (var note in plan.Notes)
        {
            var environment = note.Environment is null ? "" : $", environment {note.Environment}";
            var about = note.Subject == Subject.File ? "file" : $"{note.Subject} {note.Key}";
            var place = note.Pointer.Length == 0 ? "" : $" (at '{note.Pointer}')";
            await host.Out.WriteLineAsync(Terminal.Safe($"! {about}{environment}: {note.What}{place}; {note.Consequence}."));
        }
        var counts = presence.Values.CountBy(each => each).ToDictionary();
        await host.Out.WriteLineAsync(
            $"{counts.GetValueOrDefault(Presence.Absent)} to create, {counts.GetValueOrDefault(Presence.Same)} there already, "
                + $"{counts.GetValueOrDefault(Presence.Different)} there with other content, {plan.LeftOut} left out or left off."
        );
    }

    private static Task SayAsync(CliHost host, string name, IReadOnlyDictionary<string, Presence> presence, string more)
    {
        var (sign, state) = presence[name] switch
        {
            Presence.Absent => ('+', "to create"),
            Presence.Same => ('=', "there already"),
            _ => ('x', "there with other content"),
        };
        return host.Out.WriteLineAsync(Terminal.Safe($"{sign} {name}: {state}{more}"));
    }

    private static string Configurations(PlannedFlag flag) =>
        string.Concat(
            flag.Configurations.Select(configuration =>
                configuration.IsLeftOff
                    ? $"; {configuration.Environment}: left off, serves '{configuration.Configuration.OffVariant}'"
                    : $"; {configuration.Environment}: {configuration.Configuration.Rules.Count} rule(s)"
            )
        );
}
