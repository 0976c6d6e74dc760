namespace Halyard.Server.Authentication.Jwt;

/// <summary>Why a token is refused: for the server's log and its metrics, never for whoever sent the token.</summary>
internal enum TokenFault
{
    /// <summary>It is no token of this server's form: three canonical base64url parts, strict JSON objects, bounded size.</summary>
    Malformed,

    /// <summary>Its algorithm is none that the provider may use.</summary>
    Algorithm,

    /// <summary>It names an extension that must be understood, and none is.</summary>
    Critical,

    /// <summary>It is a token for another use.</summary>
    Type,

    /// <summary>None of the provider's keys is the one it names.</summary>
    UnknownKey,

    /// <summary>The signature is not the key's over this token.</summary>
    Signature,

    /// <summary>It names another issuer, or one that nobody configured.</summary>
    Issuer,

    /// <summary>It is meant for somebody else.</summary>
    Audience,

    /// <summary>A claim that must be there is missing or cannot be read.</summary>
    Claims,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It is not valid yet, or was made in the future.</summary>
    NotYetValid,

    /// <summary>It was made too long ago, whatever its expiry says.</summary>
    TooOld,

    /// <summary>It does not answer the log-in that was begun.</summary>
    Nonce,

    /// <summary>The browser brings no answer to a log-in that it began a moment ago.</summary>
    State,

    /// <summary>The provider refused the log-in.</summary>
    Refused,

    /// <summary>The provider gives no tokens for the code.</summary>
    Code,

    /// <summary>The provider does not say the rest of the person that its token named.</summary>
    UserInfo,

    /// <summary>The person proved who they are too long ago, or in too weak a way.</summary>
    Authentication,

    /// <summary>It belongs to no tenant of this server.</summary>
    Tenant,

    /// <summary>It was taken before, and counts once.</summary>
    Replayed,

    /// <summary>Whom it names may act no more, or has logged in anew since.</summary>
    Revoked,

    /// <summary>The provider's keys cannot be had.</summary>
    ProviderUnavailable,
}
