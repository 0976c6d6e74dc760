using Halyard.Core.Access.Users;

namespace Halyard.Server.Authentication.Local;

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

    /// <summary>How long a token of a log-in lasts, in minutes: 1 to 60.</summary>
    /// <value>The default value is 15.</value>
    public int TokenMinutes { get; set; } = 15;

    /// <summary>The private file of the keys that sign these tokens; made at the first one.</summary>
    /// <value>The default value is empty: the database's path with <c>.jwt</c> behind it.</value>
    public string TokenKeyFile { get; set; } = "";

    /// <summary>How long a token of a log-in lasts.</summary>
    public TimeSpan TokenLifetime => TimeSpan.FromMinutes(TokenMinutes);

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (AdminEmail.Length > 0 && !User.IsEmail(User.Normal(AdminEmail)))
            yield return $"{Section}:{nameof(AdminEmail)} must be an e-mail address.";
        if (TokenMinutes is < 1 or > 60)
            yield return $"{Section}:{nameof(TokenMinutes)} must be 1 to 60.";
    }
}
