using Halyard.Core.Approvals;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Management;

/// <summary>When a change may take effect, on the wire: <c>{"notBefore": …, "notAfter": …}</c>.</summary>
internal static class ScheduleJson
{
    /// <summary>Where it stands in a body.</summary>
    public const string Member = "schedule";

    private static readonly TimeSpan DefaultLength = TimeSpan.FromDays(1);

    /// <summary>Far enough, and far from where times end: whatever is reckoned with them has room.</summary>
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The window in a body, or <see langword="null"/> where it has none or a wrong one.</summary>
    public static ScheduleWindow? Read(JsonCursor body)
    {
        var json = body[Member];
        if (!json.Exists || !json.IsObject("notBefore", "notAfter"))
            return null;
        if (!json["notBefore"].Exists)
            json["notBefore"].Problem("is required");
        var (from, to) = (Time(json, "notBefore"), Time(json, "notAfter"));
        return from is { } begin ? new ScheduleWindow(begin, to ?? begin + DefaultLength) : null;
    }

    private static DateTimeOffset? Time(JsonCursor json, string member)
    {
        if (json.OptionalTime(member) is not { } time)
            return null;
        if (time < Latest)
            return time;
        json[member].Problem("must be before the year 9000");
        return null;
    }
}
