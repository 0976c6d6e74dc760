namespace Halyard.Server.Authentication;

/// <summary>How people prove who they are, under <c>Halyard:Identity</c>.</summary>
internal sealed class IdentityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Halyard:Identity";

    /// <summary>How long browser sessions last.</summary>
    public SessionOptions Session { get; set; } = new();

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems() => Session.Problems();
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
