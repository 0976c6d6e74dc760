using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// Hashes passwords: PBKDF2 with HMAC-SHA-512 and a random salt, slow on purpose. So many at once as there are processors, and a
/// bounded number that wait: log-ins cannot take the server's time from everything else.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>How often the function is applied.</summary>
    public const int Iterations = 600_000;

    private const int MaxWaiting = 64;

    private readonly PasswordHasher<object> _hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = Iterations })
    );
    private readonly ConcurrencyLimiter _limiter = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = Environment.ProcessorCount,
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );
    private readonly object _nobody = new();
    private readonly Lazy<string> _noHash;

    public PasswordHashing() => _noHash = new(() => _hasher.HashPassword(_nobody, "the password of nobody"));

    /// <summary>The hash of a password; <see langword="null"/> where too many wait already.</summary>
    public async ValueTask<string?> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired ? _hasher.HashPassword(_nobody, password) : null;
    }

    /// <summary>
    /// Whether a password has this hash; <see langword="null"/> where too many wait already. Without a hash it is no, after the same
    /// time.
    /// </summary>
    public async ValueTask<bool?> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(1, cancellationToken);
        if (!lease.IsAcquired)
            return null;
        var result = _hasher.VerifyHashedPassword(_nobody, hash ?? _noHash.Value, password);
        return hash is not null && result != PasswordVerificationResult.Failed;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
