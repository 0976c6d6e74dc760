using Halyard.Server.Authentication;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Authorization;
using Halyard.Server.Bypasses;
using Halyard.Server.Dashboard;
using Halyard.Server.Delivery.Mail;
using Halyard.Server.Edges;
using Halyard.Server.Exports;
using Halyard.Server.Gates;

namespace Halyard.Server.Hosting;

/// <summary>What an operator can configure, under <c>Halyard</c>.</summary>
internal sealed class HalyardOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Halyard";

    /// <summary>What keeps the data: <c>sqlite</c>, or <c>postgres</c> or <c>dynamodb</c>, which several servers may share.</summary>
    /// <value>The default value is <c>sqlite</c>.</value>
    public string Store { get; set; } = "sqlite";

    /// <summary>Whether that is PostgreSQL.</summary>
    public bool UsesPostgreSql => Store == "postgres";

    /// <summary>Whether that is DynamoDB.</summary>
    public bool UsesDynamoDb => Store == "dynamodb";

    /// <summary>Where PostgreSQL is.</summary>
    public PostgreSqlOptions PostgreSql { get; set; } = new();

    /// <summary>Where DynamoDB is.</summary>
    public DynamoDbOptions DynamoDb { get; set; } = new();

    /// <summary>Where the embedded database lives; with another store what the files beside it are named after.</summary>
    /// <value>The default value is <c>data/halyard.db</c>, relative to the working directory.</value>
    public string Database { get; set; } = "data/halyard.db";

    /// <summary>The host in the logs' origins, fixed for a log by its first entry.</summary>
    /// <value>The default value is <c>halyard.localhost</c>.</value>
    public string LogHost { get; set; } = "halyard.localhost";

    /// <summary>A history file to load at the start unless it is loaded, with the project's key in front: <c>openshift=samples/openshift/history.jsonl</c>.</summary>
    /// <value>The default value is empty: nothing is loaded.</value>
    public string Sample { get; set; } = "";

    /// <summary>How often evaluation counts are stored, in seconds: what a crash may lose at most. 1 to 3,600.</summary>
    /// <value>The default value is 10.</value>
    public int TrackingFlushSeconds { get; set; } = 10;

    /// <summary>Where exports go and how long they are kept.</summary>
    public ExportOptions Exports { get; set; } = new();

    /// <summary>Where logs are archived.</summary>
    public ArchiveOptions Archive { get; set; } = new();

    /// <summary>What the server's edge lets through.</summary>
    public EdgeOptions Edge { get; set; } = new();

    /// <summary>Where the dashboard's files are.</summary>
    public DashboardOptions Dashboard { get; set; } = new();

    /// <summary>How people prove who they are.</summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>How personal values are kept and shown.</summary>
    public PrivacyOptions Privacy { get; set; } = new();

    /// <summary>
    /// Which reads are recorded in the audit log: <c>none</c>, <c>audit</c> (those of the log itself) or <c>all</c> (those of flags
    /// too).
    /// </summary>
    /// <value>The default value is <c>audit</c>.</value>
    public string RecordReads { get; set; } = "audit";

    /// <summary>Whether reads of this type are recorded.</summary>
    public bool Records(string type) => RecordReads == "all" || (RecordReads == "audit" && type == "log.viewed");

    /// <summary>Where people reach this server, put in front of links in messages; empty for no links.</summary>
    /// <value>The default value is empty.</value>
    public string PublicUrl { get; set; } = "";

    /// <summary>The mail server that e-mail sinks hand their messages to.</summary>
    public MailOptions Mail { get; set; } = new();

    /// <summary>What sinks may do.</summary>
    public SinkOptions Sinks { get; set; } = new();

    /// <summary>How often every log is compared with what is kept beside it, in hours: 0 to 720; 0 for never.</summary>
    /// <value>The default value is 24.</value>
    public int CheckHours { get; set; } = 24;

    /// <summary>Where environment checks may ask.</summary>
    public CheckOptions Checks { get; set; } = new();

    /// <summary>What decides who may do what.</summary>
    public AuthorizationOptions Authorization { get; set; } = new();

    /// <summary>Who may pass approvals by in an emergency.</summary>
    public BypassOptions Bypass { get; set; } = new();

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in Bypass.Problems())
            yield return problem;
        foreach (var problem in Authorization.Problems())
            yield return problem;
        if (Store is not ("sqlite" or "postgres" or "dynamodb"))
            yield return $"{Section}:{nameof(Store)} must be sqlite, postgres or dynamodb.";
        if (UsesPostgreSql && PostgreSql.ConnectionString.Length == 0)
            yield return $"{Section}:{nameof(PostgreSql)}:{nameof(PostgreSql.ConnectionString)} must say where the database is.";
        if (string.IsNullOrWhiteSpace(Database))
            yield return $"{Section}:{nameof(Database)} must be a path.";
        if (
            LogHost.Length is 0 or > 200
            || !LogHost.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or ':')
        )
            yield return $"{Section}:{nameof(LogHost)} must be 1 to 200 letters, digits, dots, hyphens and colons.";
        if (Sample.Length > 0 && !Sample.Contains('=', StringComparison.Ordinal))
            yield return $"{Section}:{nameof(Sample)} must be project=path.";
        if (TrackingFlushSeconds is < 1 or > 3_600)
            yield return $"{Section}:{nameof(TrackingFlushSeconds)} must be 1 to 3600.";
        foreach (var problem in Exports.Problems())
            yield return problem;
        if (CheckHours is < 0 or > 720)
            yield return $"{Section}:{nameof(CheckHours)} must be 0 to 720.";
        foreach (var problem in Checks.Problems())
            yield return problem;
        foreach (var problem in Archive.Problems().Concat(Mail.Problems()))
            yield return problem;
        foreach (var problem in Identity.Problems().Concat(Edge.Problems()).Concat(Dashboard.Problems()))
            yield return problem;
        // Its tokens would be taken for those of this server, and the other way round.
        for (var i = 0; i < Identity.Providers.Count; i++)
        {
            if (PublicUrl.Length > 0 && Identity.Providers[i].Issuer.TrimEnd('/') == PublicUrl.TrimEnd('/'))
                yield return $"{IdentityOptions.Section}:{nameof(Identity.Providers)}:{i}:{nameof(ProviderOptions.Issuer)} must not be {Section}:{nameof(PublicUrl)}.";
        }
        if (RecordReads is not ("none" or "audit" or "all"))
            yield return $"{Section}:{nameof(RecordReads)} must be none, audit or all.";
        if (PublicUrl.Length > 0 && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return $"{Section}:{nameof(PublicUrl)} must be an http or https address.";
    }
}

/// <summary>What sinks may do, under <c>Halyard:Sinks</c>.</summary>
internal sealed class SinkOptions
{
    /// <summary>The folder that file sinks write below, each tenant and sink in a folder of its own.</summary>
    /// <value>The default value is empty: no file sink delivers.</value>
    public string Folder { get; set; } = "";

    /// <summary>Hosts, separated by commas, that may be delivered to although their addresses are private.</summary>
    /// <value>The default value is empty: public addresses alone.</value>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Whether the host is among <see cref="AllowedHosts"/>.</summary>
    public bool Allows(string host) =>
        AllowedHosts
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Contains(host, StringComparer.OrdinalIgnoreCase);
}
