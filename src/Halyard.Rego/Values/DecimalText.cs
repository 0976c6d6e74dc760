namespace Halyard.Rego;

/// <summary>Digits as text, the way Go's <c>%g</c> with the fewest digits writes them, which is what OPA prints.</summary>
internal static class DecimalText
{
    /// <summary>Writes 0.DIGITS × 10^<paramref name="point"/>.</summary>
    public static string General(bool negative, string digits, int point)
    {
        var sign = negative ? "-" : "";
        var exponent = point - 1;
        if (exponent is < -4 or >= 21)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        return point switch
        {
            <= 0 => $"{sign}0.{new string('0', -point)}{digits}",
            _ when point < digits.Length => $"{sign}{digits[..point]}.{digits[point..]}",
            _ => $"{sign}{digits}{new string('0', point - digits.Length)}",
        };
    }
}
