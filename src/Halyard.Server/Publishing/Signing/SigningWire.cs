using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>What a signer in a process of its own is asked by <c>POST /sign</c>; answered with a signed note.</summary>
internal sealed record SignBody(string Origin, long OldSize, long Size, string Root, IReadOnlyList<string> Proof)
{
    /// <summary>The most bytes of a request or an answer.</summary>
    public const int MaxBytes = 65_536;

    public static SignBody Of(SigningRequest request) =>
        new(
            request.Origin,
            request.OldSize,
            request.Size,
            request.Root.ToString(),
            [.. request.Proof.Select(hash => hash.ToString())]
        );

    /// <summary>The request; false where a digest is none.</summary>
    public bool TryRead([NotNullWhen(true)] out SigningRequest? request)
    {
        request = null;
        if (!Digest.TryParse(Root, out var root))
            return false;
        var proof = new List<Digest>(Proof.Count);
        foreach (var text in Proof)
        {
            if (!Digest.TryParse(text, out var hash))
                return false;
            proof.Add(hash);
        }
        request = new SigningRequest(Origin, OldSize, Size, root, proof);
        return true;
    }
}

/// <summary>With 409: what was signed last.</summary>
internal sealed record StaleBody(long Size, string Root);

/// <summary>With 422: why it will not be signed.</summary>
internal sealed record RefusedBody(string Reason);

/// <summary>JSON between the server and its signer; unknown members are refused.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(SignBody))]
[JsonSerializable(typeof(StaleBody))]
[JsonSerializable(typeof(RefusedBody))]
internal sealed partial class SigningJson : JsonSerializerContext;
