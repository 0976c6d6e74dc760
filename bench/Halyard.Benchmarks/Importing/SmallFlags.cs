using System.Text;

namespace Halyard.Benchmarks.Importing;

/// <summary>A history of small boolean flags: created one after the other, then switched on and off in turn.</summary>
internal static class SmallFlags
{
    private const int Flags = 1_000;
    private const int Authors = 40;

    public static byte[] Lines(int count)
    {
        var at = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var text = new StringBuilder();
        for (var line = 0; line < count; line++)
        {
            at = at.AddMinutes(7);
            text.Append(
                $$"""{"at":"{{at:yyyy-MM-ddTHH:mm:ss}}Z","actor":"author-{{line % Authors}}","reason":"Change number {{line}}","""
            );
            text.Append($$""" "ref":"https://git.example.com/flags/commit/{{line:x8}}","operations":[{{Operation(line)}}]}""");
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Operation(int line) =>
        line == 0 ? """{"op":"createEnvironment","environment":"live","type":"production"}"""
        : line <= Flags ? $$"""{"op":"createFlag","flag":"{{Key(line)}}","name":"Flag {{line}}","tags":["imported"]}"""
        : $$"""{"op":"setEnabled","flag":"{{Key(line)}}","environment":"live","enabled":{{((line - 1) / Flags % 2 == 1 ? "true" : "false")}} }""";

    private static string Key(int line) => $"small-flag-{(line - 1) % Flags:D4}";
}
