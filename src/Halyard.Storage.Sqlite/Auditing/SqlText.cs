using System.Globalization;
using System.Text;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>SQL with its parameters: the text is made of our own words alone, every value is a parameter.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<SqlValue> _values = [];

    public SqlText Add(string words)
    {
        _text.Append(words);
        return this;
    }

    /// <summary>Adds another text with its parameters, which keep their numbers: it must be the first that has any.</summary>
    public SqlText Add(SqlText other)
    {
        if (_values.Count > 0)
            throw new InvalidOperationException("Parameters are numbered already.");
        _text.Append(other._text);
        _values.AddRange(other._values);
        return this;
    }

    public SqlText Add(long value)
    {
        _values.Add(value);
        _text.Append(CultureInfo.InvariantCulture, $"?{_values.Count}");
        return this;
    }

    public SqlText Add(ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
            Add(i == 0 ? "(" : ", ").Add(values[i]);
        return Add(")");
    }

    public Rows Query(Database database) =>
        database[_text.ToString()].Query(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values));
}
