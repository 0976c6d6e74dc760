namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>One step, with the table below it.</summary>
/// <param name="Text">What stands after the keyword.</param>
/// <param name="Table">The rows of the step's table; none where it has no table.</param>
internal sealed record GherkinStep(string Text, IReadOnlyList<IReadOnlyList<string>> Table);

/// <summary>A scenario, or one row of a scenario outline.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Name">The name with the row's cells and its table's tags, so that no two rows of a scenario share one.</param>
/// <param name="Steps">The background's steps and the scenario's, placeholders filled in.</param>
internal sealed record GherkinCase(string Scenario, string Name, IReadOnlyList<GherkinStep> Steps);

/// <summary>
/// Reads feature files: the part of Gherkin (cucumber.io/docs/gherkin/reference) that OpenFeature's use. Anything else is refused,
/// for a line passed over would be a case that nobody misses.
/// </summary>
internal static class GherkinReader
{
    /// <summary>All cases of a feature, in order.</summary>
    /// <exception cref="FormatException">A line that is none of those known, or is where it does not belong.</exception>
    public static IReadOnlyList<GherkinCase> Read(string text)
    {
        var scenarios = new List<Block>();
        var background = new Block("", IsOutline: false);
        Block? block = null;
        Examples? examples = null;
        var tags = "";
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '@')
            {
                tags = $"{tags} {line}";
                continue;
            }
            if (line[0] == '|')
            {
                Row(line);
                continue;
            }
            Header(line);
            tags = "";
        }
        return [.. scenarios.SelectMany(scenario => scenario.Cases(background))];

        void Header(string line)
        {
            if (After(line, "Feature:") is not null)
                return;
            if (After(line, "Examples:") is not null)
            {
                examples = new Examples(tags, []);
                (block is { IsOutline: true } ? block : throw Refused()).Tables.Add(examples);
            }
            else if (After(line, "Background:") is not null)
                Begin(background);
            else if (After(line, "Scenario:") is { } name)
                scenarios.Add(Begin(new Block(name, IsOutline: false)));
            else if (After(line, "Scenario Outline:") is { } outline)
                scenarios.Add(Begin(new Block(outline, IsOutline: true)));
            else
                Step(line);
        }

        Block Begin(Block next)
        {
            examples = null;
            return block = next;
        }

        void Step(string line)
        {
            var step = After(line, "Given ") ?? After(line, "When ") ?? After(line, "Then ") ?? After(line, "And ");
            if (step is null || block is null || examples is not null)
                throw Refused();
            block.Steps.Add(new GherkinStep(step, []));
        }

        void Row(string line)
        {
            var cells = Cells(line) ?? throw Refused();
            if (examples is not null)
                examples.Rows.Add(cells);
            else if (block is { Steps: [.., var last] })
                block.Steps[^1] = last with { Table = [.. last.Table, cells] };
            else
                throw Refused();
            if (examples is not null && cells.Count != examples.Rows[0].Count)
                throw Refused();
        }

        FormatException Refused() => new($"line {number} is not understood");
    }

    // Only \n, \| and \\ are escapes here; \" is one of the steps' strings and stays.
    private static List<string>? Cells(string row)
    {
        var cells = new List<string>();
        var cell = "";
        for (var at = 1; at < row.Length; at++)
        {
            if (row[at] == '|')
            {
                cells.Add(cell.Trim());
                cell = "";
            }
            else if (row[at] == '\\' && at + 1 < row.Length && row[at + 1] is 'n' or '|' or '\\')
                cell += row[++at] == 'n' ? '\n' : row[at];
            else
                cell += row[at];
        }
        return cell.Length == 0 && cells.Count > 0 ? cells : null;
    }

    private static string? After(string line, string keyword) =>
        line.StartsWith(keyword, StringComparison.Ordinal) ? line[keyword.Length..].Trim() : null;

    private sealed record Examples(string Tags, List<IReadOnlyList<string>> Rows);

    private sealed record Block(string Name, bool IsOutline)
    {
        public List<GherkinStep> Steps { get; } = [];

        public List<Examples> Tables { get; } = [];

        public IEnumerable<GherkinCase> Cases(Block background)
        {
            if (!IsOutline)
                return [new GherkinCase(Name, Name, [.. background.Steps, .. Steps])];
            if (Tables.Count == 0 || Tables.Exists(table => table.Rows.Count < 2))
                throw new FormatException($"'{Name}' has no examples");
            return from table in Tables
                from row in table.Rows.Skip(1)
                select new GherkinCase(
                    Name,
                    $"{Name} ({string.Join(", ", row)}){table.Tags}",
                    [.. background.Steps, .. Steps.Select(step => Fill(step, table.Rows[0], row))]
                );
        }

        private static GherkinStep Fill(GherkinStep step, IReadOnlyList<string> names, IReadOnlyList<string> row)
        {
            return new GherkinStep(In(step.Text), [.. step.Table.Select(cells => (IReadOnlyList<string>)[.. cells.Select(In)])]);

            string In(string text) =>
                names
                    .Zip(row)
                    .Aggregate(text, (filled, pair) => filled.Replace($"<{pair.First}>", pair.Second, StringComparison.Ordinal));
        }
    }
}
