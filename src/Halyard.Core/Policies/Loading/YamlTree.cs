using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Halyard.Core.Policies.Loading;

/// <summary>
/// Reads one YAML document into a tree, with bounds. What hides or repeats parts of a document is refused: anchors, aliases, merge
/// keys, tags, members of one name, keys that are no text, several documents.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The largest document, in UTF-8 bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>How deep lists and maps may be nested.</summary>
    public const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly List<PolicyProblem> _problems;

    private YamlTree(Parser parser, List<PolicyProblem> problems) => (_parser, _problems) = (parser, problems);

    /// <summary>The document's tree; <see langword="null"/> where a problem was reported that leaves none.</summary>
    public static YamlNode? Read(ReadOnlySpan<byte> yaml, List<PolicyProblem> problems)
    {
        if (yaml.Length > MaxBytes)
        {
            problems.Add(new PolicyProblem(1, 1, "", $"must have at most {MaxBytes} bytes"));
            return null;
        }
        Parser? parser = null;
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(yaml);
            parser = new Parser(new StringReader(text));
            return new YamlTree(parser, problems).Document();
        }
        catch (YamlException problem)
        {
            problems.Add(
                new PolicyProblem((int)problem.Start.Line, (int)problem.Start.Column, "", $"is not YAML: {problem.Message}")
            );
        }
        // Its scanner throws this, instead of an exception with a place, at some text that is not YAML.
        catch (InvalidOperationException problem) when (problem.Source == typeof(Parser).Assembly.GetName().Name)
        {
            var (line, column) = parser?.Current is { } last ? ((int)last.End.Line, (int)last.End.Column) : (1, 1);
            problems.Add(new PolicyProblem(line, column, "", "is not YAML from here on"));
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new PolicyProblem(1, 1, "", "is not valid UTF-8"));
        }
        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Add(new PolicyProblem(1, 1, "", "is empty"));
            return null;
        }
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
            Problem(_parser.Current!, "only one document is read; put each policy in a document of its own");
        return root;
    }

    // As deep as MaxDepth; what lies deeper is passed over without recursion.
    private YamlNode Node(int depth)
    {
        var found = _parser.Consume<ParsingEvent>();
        CheckPlain(found);
        var (line, column) = ((int)found.Start.Line, (int)found.Start.Column);
        if (depth == MaxDepth && found is MappingStart or SequenceStart)
        {
            Problem(found, $"is nested more than {MaxDepth} deep");
            PassOver();
            return new YamlNode.List(line, column, []);
        }
        return found switch
        {
            Scalar scalar => new YamlNode.Scalar(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlNode.List(line, column, Items(depth)),
            MappingStart => new YamlNode.Map(line, column, Members(depth)),
            // Reported where it was checked.
            _ => new YamlNode.Scalar(line, column, "", IsPlain: true),
        };
    }

    private List<YamlNode> Items(int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return items;
    }

    private List<Member> Members(int depth)
    {
        var members = new List<Member>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlNode.Scalar name)
                Problem(key, "only text can be a key");
            else if (name is { Text: "<<", IsPlain: true })
                Problem(key, "merge keys are not read; write the members out");
            else if (!names.Add(name.Text))
                Problem(key, $"'{Words.Short(name.Text)}' stands here more than once");
            else
                members.Add(new Member(name, value));
        }
        return members;
    }

    private void PassOver()
    {
        for (var open = 1; open > 0; )
        {
            open += _parser.Consume<ParsingEvent>() switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
        }
    }

    private void CheckPlain(ParsingEvent found)
    {
        if (found is AnchorAlias)
            Problem(found, "aliases are not read; write the value out");
        if (found is not NodeEvent node)
            return;
        if (!node.Anchor.IsEmpty)
            Problem(found, "anchors are not read");
        if (!node.Tag.IsEmpty)
            Problem(found, "tags are not read");
    }

    private void Problem(ParsingEvent place, string message) =>
        _problems.Add(new PolicyProblem((int)place.Start.Line, (int)place.Start.Column, "", message));

    private void Problem(YamlNode place, string message) =>
        _problems.Add(new PolicyProblem(place.Line, place.Column, "", message));
}
