namespace Halyard.Rego;

/// <summary>Why a call has no function.</summary>
internal static class Unsupported
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["http.send"] = "it reaches the network",
        ["net.lookup_ip_addr"] = "it reaches the network",
        ["opa.runtime"] = "there is no OPA",
        ["rego.parse_module"] = "its result is OPA's own syntax tree",
        ["rego.metadata.chain"] = "annotations are not kept",
        ["rego.metadata.rule"] = "annotations are not kept",
        ["crypto.parse_private_keys"] = "policies hold no private keys",
        ["io.jwt.verify_eddsa"] = "the framework has no Ed25519",
        ["strings.render_template"] = "Go's templates are a language of their own; there are template strings",
        ["net.cidr_overlap"] = "Rego v1 took it out; net.cidr_contains is what remains",
        ["re_match"] = "Rego v1 took it out; regex.match is what remains",
        ["trace"] = "evaluations are not traced",
    };

    public static RegoProblem Problem(string function, Place place)
    {
        if (Reasons.TryGetValue(function, out var reason))
            return place.Problem("rego_type_error", $"built-in {function} is not supported: {reason}");
        var area = function.Split('.');
        return area is ["graphql", ..] or ["providers", "aws", ..] or ["crypto", "x509", ..]
            ? place.Problem("rego_type_error", $"built-in {function} is not supported")
            : place.Problem("rego_type_error", $"undefined function {function}");
    }
}
