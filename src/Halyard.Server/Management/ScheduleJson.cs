using Halyard.Core.Approvals;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Management;

/// <summary>When a change may take effect, on the wire: <c>{"notBefore": …, "notAfter": …}</c>.</summary>
internal static class ScheduleJson
{
    /// <summary>Where it stands in a body.</summary>
    public const string Member = "schedule";

    private static readonly TimeSpan DefaultLength = TimeSpan.FromDays(1);

    /// <summary>The window in a body, or <see langword="null"/> where it has none or a wrong one.</summary>
    public static ScheduleWindow? Read(JsonCursor body)
    {
        var json = body[Member];
        if (!json.Exists || !json.IsObject("notBefore", "notAfter"))
            return null;
        if (!json["notBefore"].Exists)
            json["notBefore"].Problem("is required");
        return json.OptionalTime("notBefore") is { } from
            ? new ScheduleWindow(from, json.OptionalTime("notAfter") ?? from + DefaultLength)
            : null;
    }
}
