using System.Text;

namespace Halyard.Rego;

/// <summary>An array or set comprehension.</summary>
internal sealed class CollectNode(bool isSet, Body body, Node value) : Node
{
    public override RegoValue Evaluate(Frame frame)
    {
        Evaluation.EnsureDepth();
        var found = new List<RegoValue>();
        body.Run(frame, 0, new ListSink(value, found));
        RegoValue[] items = [.. found];
        var run = frame.World.Run;
        return isSet ? run.BuiltSet(items) : run.Built(RegoArray.Of(items), items.Length);
    }
}

/// <summary>An object comprehension.</summary>
internal sealed class CollectMembersNode(Body body, Node key, Node value) : Node
{
    public override RegoValue Evaluate(Frame frame)
    {
        var sink = new MemberSink(key, value);
        body.Run(frame, 0, sink);
        return frame.World.Run.Built(sink.Members, sink.Count);
    }
}

/// <summary>A template string: texts, and holes that are bodies with a value.</summary>
internal sealed class TemplateNode((string? Text, Body? Body, Node? Value)[] parts) : Node
{
    public override RegoValue Evaluate(Frame frame)
    {
        var text = new StringBuilder();
        foreach (var (fixedText, body, value) in parts)
        {
            var before = text.Length;
            if (fixedText is not null)
                text.Append(fixedText);
            else
                Append(text, Fill(body!, value!, frame));
            frame.World.Run.Meter.Reserve(2L * (text.Length - before));
        }
        return RegoValue.Of(text.ToString());
    }

    private static RegoValue? Fill(Body body, Node value, Frame frame)
    {
        var sink = new ValueSink(value, "template-strings must not produce multiple outputs");
        body.Run(frame, 0, sink);
        return sink.Value;
    }

    private static void Append(StringBuilder text, RegoValue? value)
    {
        if (value is RegoString plain)
            text.Append(plain.Value);
        else
            (value ?? Marker.Undefined).AppendTo(text);
    }
}
