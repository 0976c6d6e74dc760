using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>A public key that tokens are verified with, by any number of threads at once.</summary>
internal abstract class VerificationKey
{
    private VerificationKey(string? id, string? algorithm)
    {
        Id = id;
        Algorithm = algorithm;
    }

    /// <summary>The key's id (<c>kid</c>), or <see langword="null"/>.</summary>
    public string? Id { get; }

    /// <summary>The one algorithm it may be used with, or <see langword="null"/> for any of its type.</summary>
    public string? Algorithm { get; }

    /// <summary>Whether a token of this algorithm can be signed with the key.</summary>
    public bool Fits(JwsAlgorithm algorithm) => (Algorithm is null || Algorithm == algorithm.Name) && IsOfType(algorithm);

    /// <summary>Whether the signature is this key's over these bytes.</summary>
    public abstract bool Verifies(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);

    /// <summary>Whether the key is of the type that the algorithm needs.</summary>
    protected abstract bool IsOfType(JwsAlgorithm algorithm);

    /// <summary>An RSA key.</summary>
    internal sealed class Rsa : VerificationKey
    {
        /// <summary>The shortest modulus in bits: below it signatures can be forged with effort.</summary>
        public const int MinBits = 2_048;

        /// <summary>The longest modulus in bits: verifying takes longer with the square of it.</summary>
        public const int MaxBits = 8_192;

        private const int MaxExponentBytes = 8;

        private readonly RSAParameters _parameters;
        private readonly Rented<RSA> _keys;

        private Rsa(string? id, string? algorithm, RSAParameters parameters)
            : base(id, algorithm)
        {
            _parameters = parameters;
            _keys = new Rented<RSA>(() => RSA.Create(parameters));
        }

        /// <summary>The key, or <see langword="null"/> where it is too short, too long or none.</summary>
        /// <param name="id">Its id.</param>
        /// <param name="algorithm">The one algorithm it may be used with.</param>
        /// <param name="modulus">Big-endian, without leading zeros.</param>
        /// <param name="exponent">Big-endian; odd and greater than one.</param>
        public static Rsa? Create(string? id, string? algorithm, byte[] modulus, byte[] exponent)
        {
            var bits = modulus.Length == 0 ? 0 : (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
            var isExponent = exponent.Length is > 0 and <= MaxExponentBytes && (exponent[^1] & 1) == 1 && exponent is not [1];
            if (bits is < MinBits or > MaxBits || modulus[0] == 0 || !isExponent)
                return null;
            return Usable(new Rsa(id, algorithm, new RSAParameters { Modulus = modulus, Exponent = exponent }));
        }

        /// <inheritdoc/>
        public override bool Verifies(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            if (algorithm.Padding is not { } padding || signature.Length != _parameters.Modulus!.Length)
                return false;
            var key = _keys.Rent();
            try
            {
                return key.VerifyData(signed, signature, algorithm.Hash, padding);
            }
            finally
            {
                _keys.Return(key);
            }
        }

        /// <inheritdoc/>
        protected override bool IsOfType(JwsAlgorithm algorithm) => algorithm.Padding is not null;

        private static Rsa? Usable(Rsa key) => key._keys.CanCreate() ? key : null;
    }

    /// <summary>A key on one of the curves P-256, P-384 and P-521.</summary>
    internal sealed class Elliptic : VerificationKey
    {
        private readonly string _curve;
        private readonly int _fieldBytes;
        private readonly Rented<ECDsa> _keys;

        private Elliptic(string? id, string? algorithm, string curve, ECParameters parameters)
            : base(id, algorithm)
        {
            _curve = curve;
            _fieldBytes = parameters.Q.X!.Length;
            _keys = new Rented<ECDsa>(() => ECDsa.Create(parameters));
        }

        /// <summary>The key, or <see langword="null"/> where the curve is another or the point is not on it.</summary>
        /// <param name="id">Its id.</param>
        /// <param name="algorithm">The one algorithm it may be used with.</param>
        /// <param name="curve">As keys name it: P-256, P-384, P-521.</param>
        /// <param name="x">The point's first coordinate, as long as the field.</param>
        /// <param name="y">The point's second coordinate, as long as the field.</param>
        public static Elliptic? Create(string? id, string? algorithm, string curve, byte[] x, byte[] y)
        {
            var (known, bytes) = curve switch
            {
                "P-256" => (ECCurve.NamedCurves.nistP256, 32),
                "P-384" => (ECCurve.NamedCurves.nistP384, 48),
                "P-521" => (ECCurve.NamedCurves.nistP521, 66),
                _ => (default, 0),
            };
            if (bytes == 0 || x.Length != bytes || y.Length != bytes)
                return null;
            var parameters = new ECParameters
            {
                Curve = known,
                Q = new ECPoint { X = x, Y = y },
            };
            var key = new Elliptic(id, algorithm, curve, parameters);
            return key._keys.CanCreate() ? key : null;
        }

        /// <inheritdoc/>
        public override bool Verifies(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            // r and s side by side (RFC 7518, 3.4); neither may be zero, whatever the library beneath thinks of it.
            if (
                algorithm.Curve != _curve
                || signature.Length != 2 * _fieldBytes
                || !signature[.._fieldBytes].ContainsAnyExcept((byte)0)
                || !signature[_fieldBytes..].ContainsAnyExcept((byte)0)
            )
                return false;
            var key = _keys.Rent();
            try
            {
                return key.VerifyData(signed, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
            finally
            {
                _keys.Return(key);
            }
        }

        /// <inheritdoc/>
        protected override bool IsOfType(JwsAlgorithm algorithm) => algorithm.Curve == _curve;
    }

    /// <summary>Instances of one key, each used by one thread at a time: as many as were ever used at once.</summary>
    private sealed class Rented<T>(Func<T> create)
        where T : AsymmetricAlgorithm
    {
        private readonly ConcurrentBag<T> _idle = [];

        public T Rent() => _idle.TryTake(out var key) ? key : create();

        public void Return(T key) => _idle.Add(key);

        /// <summary>Whether the system takes the key's numbers for a key.</summary>
        public bool CanCreate()
        {
            try
            {
                Return(create());
                return true;
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
