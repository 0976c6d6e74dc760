using System.Text;

namespace Halyard.Rego;

/// <summary>Writes a value as YAML in block style; texts that could be read as something else stand in double quotes.</summary>
internal sealed class YamlWriting(BuiltinContext context)
{
    private readonly StringBuilder _text = new();
    private int _counted;

    public string Text(RegoValue value)
    {
        Write(value, 0, isInline: true);
        return _text.ToString();
    }

    private void Write(RegoValue value, int indent, bool isInline)
    {
        context.Spend(1);
        context.Reserve(2L * (_text.Length - _counted));
        _counted = _text.Length;
        switch (value)
        {
            case RegoArray or RegoSet when Collections.Items(value).Length > 0:
                foreach (var item in Collections.Items(value))
                {
                    Indent(indent, ref isInline);
                    _text.Append("- ");
                    Write(item, indent + 2, isInline: true);
                }
                break;
            case RegoObject { Count: > 0 } members:
                foreach (var (key, member) in members)
                {
                    Indent(indent, ref isInline);
                    AppendText(RegoJson.NameOf(key));
                    _text.Append(':');
                    WriteMember(member, indent);
                }
                break;
            case RegoString text:
                AppendText(text.Value);
                _text.Append('\n');
                break;
            default:
                _text.Append(value is RegoSet ? "[]" : value.ToString()).Append('\n');
                break;
        }
    }

    private void WriteMember(RegoValue member, int indent)
    {
        var isBlock = member is RegoObject { Count: > 0 } || Collections.Items(member).Length > 0;
        _text.Append(isBlock ? '\n' : ' ');
        Write(member, member is RegoObject ? indent + 2 : indent, isInline: !isBlock);
    }

    // The first member of what stands behind a dash is on the dash's line.
    private void Indent(int indent, ref bool isInline)
    {
        _text.Append(' ', isInline ? 0 : indent);
        context.Reserve(2L * indent);
        isInline = false;
    }

    private void AppendText(string text)
    {
        var isPlain =
            text.Length > 0
            && (char.IsAsciiLetter(text[0]) || text[0] == '/')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.')
            && text is not ("y" or "Y" or "n" or "N")
            && YamlScalars.Resolve(text, out _) is null;
        if (isPlain)
            _text.Append(text);
        else
            RegoJson.AppendQuoted(_text, text);
    }
}
