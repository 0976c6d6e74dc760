using Halyard.Ledger;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>What the log is told of sessions that others ended.</summary>
internal static class EndedSessions
{
    /// <summary>Whose they were and which: pseudonyms, and ids that open nothing.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="ids">Which.</param>
    /// <param name="provider">The identity provider that ended them, or <see langword="null"/>.</param>
    public static byte[] Details(string subject, IEnumerable<string> ids, string? provider = null)
    {
        var details = new CanonicalWriter(128).StartObject();
        if (provider is not null)
            details.Name("provider").String(provider);
        details.Name("sessions").StartArray();
        foreach (var id in ids)
            details.String(id);
        details.EndArray();
        return details.Name("subject").String(subject).EndObject().ToArray();
    }
}
