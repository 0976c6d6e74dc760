using Halyard.Core.Access.Users;

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

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems() => [.. Session.Problems(), .. Local.Problems()];
}

/// <summary>The users that this server itself knows, under <c>Halyard:Identity:Local</c>.</summary>
internal sealed class LocalOptions
{
    private const string Section = $"{IdentityOptions.Section}:Local";

    /// <summary>Whether there are any: people log in with e-mail address and password.</summary>
    /// <value>The default value is <c>true</c>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The address of the administrator who is made where there was never a user; empty for none.</summary>
    /// <value>The default value is <c>admin@localhost</c>.</value>
    public string AdminEmail { get; set; } = "admin@localhost";

    /// <summary>A file, private to its owner, with that administrator's password.</summary>
    /// <value>The default value is empty: a random password, printed once.</value>
    public string AdminPasswordFile { get; set; } = "";

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (AdminEmail.Length > 0 && !User.IsEmail(User.Normal(AdminEmail)))
            yield return $"{Section}:{nameof(AdminEmail)} must be an e-mail address.";
    }
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
