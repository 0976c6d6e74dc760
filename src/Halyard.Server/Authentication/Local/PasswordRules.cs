namespace Halyard.Server.Authentication.Local;

/// <summary>Which passwords are taken. Length is what counts; letters of every kind are not asked for.</summary>
internal static class PasswordRules
{
    /// <summary>The fewest characters.</summary>
    public const int MinLength = 12;

    /// <summary>The most characters: hashing must not take longer for who sends more.</summary>
    public const int MaxLength = 128;

    private const int MinDifferent = 5;

    /// <summary>What is wrong with a password for whoever has this address, or <see langword="null"/>.</summary>
    /// <param name="password">The password.</param>
    /// <param name="email">The address.</param>
    /// <param name="now">The password of now, where it is known.</param>
    public static string? Problem(string password, string email, string? now = null) =>
        password.Length is < MinLength or > MaxLength ? $"must have {MinLength} to {MaxLength} characters"
        : password.Distinct().Count() < MinDifferent ? $"must have at least {MinDifferent} different characters"
        : password == now ? "must be another than the one of now"
        : IsNearly(password, email) ? "must not be the e-mail address"
        : null;

    private static bool IsNearly(string password, string email) =>
        password.Contains(email, StringComparison.OrdinalIgnoreCase)
        || email.Contains(password, StringComparison.OrdinalIgnoreCase);
}
