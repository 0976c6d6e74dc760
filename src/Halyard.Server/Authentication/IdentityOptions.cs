using Halyard.Server.Authentication.Local;
using Halyard.Server.Authentication.Oidc;
using KnownActions = Halyard.Core.Access.Roles.Actions;

namespace Halyard.Server.Authentication;

/// <summary>How people prove who they are, under <c>Halyard:Identity</c>.</summary>
internal sealed class IdentityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Halyard:Identity";

    /// <summary>How long browser sessions last.</summary>
    public SessionOptions Session { get; set; } = new();

    /// <summary>The users that this server itself knows.</summary>
    public LocalOptions Local { get; set; } = new();

    /// <summary>The identity providers.</summary>
    public List<ProviderOptions> Providers { get; set; } = [];

    /// <summary>Which actions ask for a fresh log-in.</summary>
    public ReauthenticationOptions Reauthentication { get; set; } = new();

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems() =>
        [
            .. Session.Problems(),
            .. Local.Problems(),
            .. Providers.SelectMany((provider, index) => provider.Problems($"{Section}:{nameof(Providers)}:{index}")),
            .. Twice(nameof(ProviderOptions.Name), provider => provider.Name),
            .. Twice(nameof(ProviderOptions.Issuer), provider => provider.Issuer),
            .. Reauthentication.Problems(),
        ];

    private IEnumerable<string> Twice(string member, Func<ProviderOptions, string> value) =>
        Providers
            .Select((provider, index) => (Value: value(provider), Index: index))
            .GroupBy(item => item.Value, StringComparer.Ordinal)
            .Where(same => same.Key.Length > 0 && same.Count() > 1)
            .Select(same =>
                $"{Section}:{nameof(Providers)}:{same.Last().Index}:{member} '{same.Key}' is another provider's already."
            );
}

/// <summary>Which actions ask people for a fresh or stronger log-in, under <c>Halyard:Identity:Reauthentication</c>.</summary>
internal sealed class ReauthenticationOptions
{
    private const string Section = $"{IdentityOptions.Section}:Reauthentication";

    /// <summary>
    /// The actions, in the dotted words that policies see (<c>token.create</c>, <c>flag.enabled</c>), or patterns of them
    /// (<c>flag.*</c>); <c>change.submit</c> is every change of a project.
    /// </summary>
    /// <value>The default value is empty: none.</value>
    public List<string> Actions { get; set; } = [];

    /// <summary>How long ago the log-in may be, in seconds: 30 to 86,400.</summary>
    /// <value>The default value is 300.</value>
    public int MaxAgeSeconds { get; set; } = 300;

    /// <summary>How strong it must be: one of these values of <c>acr</c>.</summary>
    /// <value>The default value is empty: whatever the identity provider does.</value>
    public List<string> Acr { get; set; } = [];

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        // Whatever stands for nothing would leave open what somebody meant to close.
        for (var i = 0; i < Actions.Count; i++)
        {
            if (!Resolve(Actions[i]).Any())
                yield return $"{Section}:{nameof(Actions)}:{i} '{Actions[i]}' is no action, and no pattern of any.";
        }
        if (MaxAgeSeconds is < 30 or > 86_400)
            yield return $"{Section}:{nameof(MaxAgeSeconds)} must be 30 to 86400.";
        if (Acr.Exists(value => value.Length == 0 || value.Any(letter => letter is <= ' ' or '"' or '\\' or > '~')))
            yield return $"{Section}:{nameof(Acr)} must be values without blanks.";
    }

    /// <summary>Every action that is named, by itself or by a pattern.</summary>
    public IEnumerable<string> Named() => Actions.SelectMany(Resolve);

    private static IEnumerable<string> Resolve(string pattern) =>
        pattern == KnownActions.Submit ? [pattern, .. KnownActions.OfChanges] : KnownActions.Matching(pattern);
}

/// <summary>How long browser sessions last, under <c>Halyard:Identity:Session</c>.</summary>
internal sealed class SessionOptions
{
    private const string Section = $"{IdentityOptions.Section}:Session";

    /// <summary>After how many minutes without a request a session ends: 5 to 1,440.</summary>
    /// <value>The default value is 60.</value>
    public int IdleMinutes { get; set; } = 60;

    /// <summary>After how many hours a session ends in any case: 1 to 720.</summary>
    /// <value>The default value is 12.</value>
    public int AbsoluteHours { get; set; } = 12;

    /// <summary>The longest time without a request.</summary>
    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    /// <summary>The longest time in all.</summary>
    public TimeSpan Absolute => TimeSpan.FromHours(AbsoluteHours);

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (IdleMinutes is < 5 or > 1_440)
            yield return $"{Section}:{nameof(IdleMinutes)} must be 5 to 1440.";
        if (AbsoluteHours is < 1 or > 720)
            yield return $"{Section}:{nameof(AbsoluteHours)} must be 1 to 720.";
    }
}
