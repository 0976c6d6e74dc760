namespace Halyard.Server.Authentication.Jwt;

/// <summary>What a token must be for one use.</summary>
/// <param name="Issuer">Who must have issued it, letter for letter.</param>
/// <param name="Audience">Whom it must be meant for.</param>
/// <param name="Algorithms">The algorithms that the issuer may use.</param>
/// <param name="Types">What it may say that it is, in lower case and without <c>application/</c>; empty for saying nothing.</param>
/// <param name="Skew">How far the issuer's clock may differ from ours.</param>
/// <param name="MaxAge">How long ago it may have been made, whatever its expiry says.</param>
internal sealed record TokenRules(
    string Issuer,
    string Audience,
    IReadOnlyCollection<string> Algorithms,
    IReadOnlyCollection<string> Types,
    TimeSpan Skew,
    TimeSpan MaxAge
)
{
    /// <summary>What access tokens may say that they are: what RFC 9068 asks for, and what was usual before it.</summary>
    public static IReadOnlyCollection<string> AccessTypes { get; } = ["", "at+jwt", "jwt"];

    /// <summary>What access tokens must say that they are where nothing else tells them from ID tokens.</summary>
    public static IReadOnlyCollection<string> StrictAccessTypes { get; } = ["at+jwt"];

    /// <summary>What ID tokens may say that they are.</summary>
    public static IReadOnlyCollection<string> IdTypes { get; } = ["", "jwt"];

    /// <summary>What logout tokens may say that they are: the name of their own is recommended alone, and their events tell them apart.</summary>
    public static IReadOnlyCollection<string> LogOutTypes { get; } = ["", "jwt", "logout+jwt"];
}
