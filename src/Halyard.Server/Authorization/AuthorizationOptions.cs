namespace Halyard.Server.Authorization;

/// <summary>What decides who may do what, under <c>Halyard:Authorization</c>.</summary>
internal sealed class AuthorizationOptions
{
    private const string Place = "Halyard:Authorization";

    /// <summary><c>rego</c>: the policy is evaluated in this process. <c>opa</c>: Open Policy Agent is asked over REST.</summary>
    /// <value>The default value is <c>rego</c>.</value>
    public string Engine { get; set; } = "rego";

    /// <summary>Where OPA is: https, or http to the machine itself.</summary>
    /// <value>The default value is empty.</value>
    public string OpaUrl { get; set; } = "";

    /// <summary>How long an answer of OPA may take, in milliseconds: 10 to 10,000. No answer in time is no.</summary>
    /// <value>The default value is 500.</value>
    public int OpaTimeoutMs { get; set; } = 500;

    /// <summary>Whether OPA is asked.</summary>
    public bool UsesOpa => Engine == "opa";

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Engine is not ("rego" or "opa"))
            yield return $"{Place}:{nameof(Engine)} must be rego or opa.";
        if (UsesOpa && !IsAddress(OpaUrl))
            yield return $"{Place}:{nameof(OpaUrl)} must be an https address (http only to this machine).";
        if (OpaTimeoutMs is < 10 or > 10_000)
            yield return $"{Place}:{nameof(OpaTimeoutMs)} must be 10 to 10000.";
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0;
}
