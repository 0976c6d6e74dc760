using System.Numerics;

namespace Halyard.Rego;

/// <summary>Moments as nanoseconds since 1970, in UTC or in a zone by its name.</summary>
internal static class Times
{
    private static readonly RegoType Moment = RegoType.AnyOf(RegoType.Number, RegoType.Array);
    private static readonly RegoType Numbers = RegoType.ArrayOfType(RegoType.Number);

    private static readonly Dictionary<string, decimal> DurationUnits = new(StringComparer.Ordinal)
    {
        ["ns"] = 1,
        ["us"] = 1_000,
        ["µs"] = 1_000,
        ["μs"] = 1_000,
        ["ms"] = 1_000_000,
        ["s"] = 1_000_000_000,
        ["m"] = 60_000_000_000,
        ["h"] = 3_600_000_000_000,
    };

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("time.now_ns", [], RegoType.Number, Now) { IsDeterministic = false },
        new(
            "time.parse_ns",
            [RegoType.String, RegoType.String],
            RegoType.Number,
            (context, x) => Parse(context, x.Text(0), x.Text(1))
        ),
        new("time.parse_rfc3339_ns", [RegoType.String], RegoType.Number, (context, x) => Parse(context, "RFC3339", x.Text(0))),
        new("time.parse_duration_ns", [RegoType.String], RegoType.Number, ParseDuration),
        new("time.format", [Moment], RegoType.String, Format),
        new(
            "time.date",
            [Moment],
            Numbers,
            (context, x) => Read(context, x[0], (time, _) => Parts(time.Year, time.Month, time.Day))
        ),
        new(
            "time.clock",
            [Moment],
            Numbers,
            (context, x) => Read(context, x[0], (time, _) => Parts(time.Hour, time.Minute, time.Second))
        ),
        new(
            "time.weekday",
            [Moment],
            RegoType.String,
            (context, x) => Read(context, x[0], (time, _) => RegoValue.Of(time.Weekday.ToString()))
        ),
        new("time.add_date", [Moment, RegoType.Number, RegoType.Number, RegoType.Number], RegoType.Number, AddDate),
        new("time.diff", [Moment, Moment], Numbers, Difference),
    ];

    private static RegoNumber Now(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        RegoNumber.Of(new BigInteger((context.Now - DateTimeOffset.UnixEpoch).Ticks) * 100);

    private static RegoArray Parts(params ReadOnlySpan<long> parts)
    {
        var items = new RegoValue[parts.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = RegoValue.Of(parts[i]);
        return RegoArray.Of(items);
    }

    private static RegoValue? Parse(BuiltinContext context, string layout, string value)
    {
        context.Spend(1 + layout.Length * 8L + value.Length);
        return new GoTimeParser(layout, value).Parse(out var problem) is { } moment
            ? InRange(context, moment)
            : context.Fail(problem);
    }

    private static RegoValue? InRange(BuiltinContext context, BigInteger nanoseconds) =>
        nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue
            ? RegoNumber.Of(nanoseconds)
            : context.Fail("time outside of valid range");

    private static RegoValue? ParseDuration(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var text = arguments.Text(0);
        context.Spend(1 + text.Length);
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var total = 0m;
        var isValid = at < text.Length && text.Length < 200;
        for (var first = true; isValid && at < text.Length && (first || text[at..] != "0"); first = false)
        {
            if (first && text[at..] == "0")
                break;
            var unitStart = at;
            while (unitStart < text.Length && (char.IsAsciiDigit(text[unitStart]) || text[unitStart] == '.'))
                unitStart++;
            var unitEnd = unitStart;
            while (unitEnd < text.Length && !char.IsAsciiDigit(text[unitEnd]) && text[unitEnd] != '.')
                unitEnd++;
            isValid =
                unitStart - at is > 0 and < 20
                && decimal.TryParse(
                    text.AsSpan(at, unitStart - at),
                    System.Globalization.NumberStyles.AllowDecimalPoint,
                    null,
                    out var n
                )
                && DurationUnits.TryGetValue(text[unitStart..unitEnd], out var unit)
                && n <= long.MaxValue / unit
                && (total += decimal.Truncate(n * unit)) <= long.MaxValue;
            at = unitEnd;
        }
        if (!isValid)
            return context.Fail($"time: invalid duration \"{text}\"");
        return RegoValue.Of((long)(text[0] == '-' ? -total : total));
    }

    private static RegoValue? Format(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Read(
            context,
            arguments[0],
            (time, layout) =>
            {
                context.Spend(1 + layout.Length * 8L);
                return context.Give(GoLayout.Format(time, GoLayout.Of(layout.Length == 0 ? "RFC3339Nano" : layout)));
            }
        );

    private static RegoValue? AddDate(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        Span<long> added = stackalloc long[3];
        for (var i = 0; i < added.Length; i++)
        {
            if (!context.TryInteger(arguments, i + 1, out added[i]))
                return null;
            // No moment within range is as many years away.
            added[i] = Math.Clamp(added[i], int.MinValue, int.MaxValue);
        }
        var (years, months, days) = (added[0], added[1], added[2]);
        return Zoned(context, arguments[0], out var zone, out _) is { } time
            ? InRange(
                context,
                zone.Resolve(time with { Days = WallTime.DaysOf(time.Year + years, time.Month + months, time.Day + days) })
            )
            : null;
    }

    // Years, months, days, hours, minutes and seconds between two moments on the calendar of the first one's zone.
    private static RegoArray? Difference(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (
            Zoned(context, arguments[0], out var zone, out _) is not { } first
            || Zoned(context, arguments[1], out _, out _) is not { } second
        )
            return null;
        second = zone.At((long)second.Nanoseconds);
        if (first.Nanoseconds > second.Nanoseconds)
            (first, second) = (second, first);
        var seconds = second.SecondOfDay - first.SecondOfDay;
        var days = (long)second.Day - first.Day;
        var months = (second.Year - first.Year) * 12 + second.Month - first.Month;
        if (seconds < 0)
            (seconds, days) = (seconds + 86_400, days - 1);
        if (days < 0)
        {
            days += WallTime.DaysOf(first.Year, first.Month + 1, 1) - WallTime.DaysOf(first.Year, first.Month, 1);
            months--;
        }
        return Parts(months / 12, months % 12, days, seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static RegoValue? Read(BuiltinContext context, RegoValue moment, Func<WallTime, string, RegoValue> read) =>
        Zoned(context, moment, out _, out var layout) is { } time ? read(time, layout) : null;

    // A number of nanoseconds, alone or with a zone and a layout.
    private static WallTime? Zoned(BuiltinContext context, RegoValue moment, out Zone zone, out string layout)
    {
        (zone, layout) = (Zone.Utc, "");
        context.Spend(8);
        var parts = moment is RegoArray array ? array.AsSpan() : new ReadOnlySpan<RegoValue>(in moment);
        if (parts.Length == 0 || parts[0] is not RegoNumber number)
        {
            context.FailType("operand 1 must be either number (ns) or [number (ns), string (tz)]");
            return null;
        }
        foreach (var part in parts[1..])
        {
            if (part is RegoString)
                continue;
            context.FailType($"operand 1 must be string but got {part.KindName}");
            return null;
        }
        var name = parts.Length > 1 ? parts.Text(1) : "";
        layout = parts.Length > 2 ? parts.Text(2) : "";
        // A name that nobody has asked for yet is looked up in the system's files.
        context.Spend(name.Length > 0 ? 100 : 0);
        if (Zone.Of(name) is not { } found)
        {
            context.Fail($"unknown time zone {name}");
            return null;
        }
        zone = found;
        if (number.TryGetInt64(out var nanoseconds))
            return zone.At(nanoseconds);
        context.Fail("timestamp too big");
        return null;
    }
}
