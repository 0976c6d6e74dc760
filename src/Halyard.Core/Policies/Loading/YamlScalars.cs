using System.Globalization;
using System.Text.RegularExpressions;

namespace Halyard.Core.Policies.Loading;

/// <summary>
/// What values without quotes are. Whatever any version of YAML reads as something else than text is no text here, so that
/// <c>no</c> is never read two ways.
/// </summary>
internal static partial class YamlScalars
{
    private static readonly string[] Others = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    public static bool IsOtherThanText(string plain) =>
        Others.Contains(plain, StringComparer.OrdinalIgnoreCase) || LooksLikeANumber().IsMatch(plain);

    public static bool TryNumber(string plain, out double number)
    {
        number = 0;
        return Decimal().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    private const RegexOptions Plain =
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?\z", Plain)]
    private static partial Regex Decimal();

    // Numbers in every notation, sexagesimal among them, and dates.
    [GeneratedRegex(@"\A[+-]?(\.?[0-9][0-9_:xXoObBa-fA-F.eE+-]*|\.(inf|Inf|INF|nan|NaN|NAN))\z", Plain)]
    private static partial Regex LooksLikeANumber();
}
