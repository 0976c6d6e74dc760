using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Halyard.Server.Reports;

/// <summary>Builds HTML of literals as they stand and values that are encoded, each of them, so that none can be forgotten.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends an interpolated text.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Handler html)
    {
        // The handler has appended already, piece by piece.
        _ = html;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Takes the pieces of an interpolated text.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler(int literalLength, int formattedCount, Html html)
    {
        private readonly StringBuilder _text = html._text.EnsureRoom(literalLength + 16 * formattedCount);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted<T>(T value) =>
            _text.Append(HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
    }
}

/// <summary>Room for what comes.</summary>
internal static class TextRoom
{
    public static StringBuilder EnsureRoom(this StringBuilder text, int length)
    {
        text.EnsureCapacity(text.Length + length);
        return text;
    }
}
