using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core;
using Halyard.Ledger;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Disk;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// The keys with which this server signs its own tokens (ES256), in a private file beside the database. A new one takes the place of
/// the former by itself; the former verifies as long as a token of it may live. Without the file there are new keys, and whoever has
/// a token logs in again. Servers that share the file share the keys: what one of them writes the others read.
/// </summary>
internal sealed class TokenKeys(string file, TimeProvider time, Entropy entropy)
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);

    /// <summary>How long it verifies after that.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(2);

    private readonly Lock _lock = new();
    private KeyRecord[] _keys = [];
    private (DateTime Written, long Length) _stamp;
    private KeySet? _public;

    /// <summary>The public keys, for whoever verifies.</summary>
    public KeySet Public
    {
        get
        {
            lock (_lock)
            {
                Current();
                return _public!;
            }
        }
    }

    /// <summary>The public keys as a JSON Web Key Set (RFC 7517).</summary>
    public byte[] Published
    {
        get
        {
            lock (_lock)
            {
                Current();
                return Jwks(_keys);
            }
        }
    }

    /// <summary>A token with these claims, signed.</summary>
    /// <param name="claims">The claims as JSON.</param>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        KeyRecord key;
        lock (_lock)
            key = Current();
        var header = new CanonicalWriter(128).StartObject();
        header.Name("alg").String("ES256");
        header.Name("kid").String(key.Id);
        header.Name("typ").String("at+jwt");
        var signed = $"{Base64Url.EncodeToString(header.EndObject().ToArray())}.{Base64Url.EncodeToString(claims)}";
        using var signer = Open(key);
        var signature = signer.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The key that signs now; makes one where there is none or the last has signed long enough.</summary>
    private KeyRecord Current()
    {
        ReadIfWritten();
        if (Fresh(time.GetUtcNow()) is { } newest)
            return newest;
        // Of servers whose key has signed long enough, one makes the next in a moment, and the others wait for it and read it.
        using (FileLock.Take(file + ".lock"))
        {
            ReadIfWritten();
            return Fresh(time.GetUtcNow()) ?? Make(time.GetUtcNow());
        }
    }

    private KeyRecord? Fresh(DateTimeOffset now)
    {
        if (_keys is not [.., var newest] || now - newest.Created >= SignsFor)
            return null;
        _public ??= KeySet.Read(Jwks(_keys));
        return newest;
    }

    private KeyRecord Make(DateTimeOffset now)
    {
        // One verifies for as long as tokens may live that it signed before the next took its place.
        KeyRecord[] kept = [.. _keys.Where((_, i) => i == _keys.Length - 1 || now - _keys[i + 1].Created < Overlap)];
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new KeyRecord(entropy.NewId("j"), now, made.ExportPkcs8PrivateKey());
        KeyRecord[] next = [.. kept, key];
        PrivateFile.Write(file, JsonSerializer.Serialize(next, TokenKeyJson.Default.KeyRecordArray));
        (_keys, _public, _stamp) = (next, KeySet.Read(Jwks(next)), Stamp());
        return key;
    }

    private void ReadIfWritten()
    {
        // Before it is read: what is written in between is read again.
        var stamp = Stamp();
        if (stamp == _stamp)
            return;
        (_keys, _public, _stamp) = (Read(), null, stamp);
    }

    /// <summary>Another one after each write: the file is replaced as a whole. None where there is no file.</summary>
    private (DateTime Written, long Length) Stamp() =>
        new FileInfo(file) is { Exists: true } found ? (found.LastWriteTimeUtc, found.Length) : default;

    private KeyRecord[] Read()
    {
        if (!File.Exists(file))
            return [];
        try
        {
            return JsonSerializer.Deserialize(PrivateFile.Read(file), TokenKeyJson.Default.KeyRecordArray) ?? [];
        }
        catch (JsonException damaged)
        {
            throw new IOException(
                $"'{file}' does not hold the keys of tokens; remove it, and whoever has one logs in again.",
                damaged
            );
        }
    }

    private static byte[] Jwks(KeyRecord[] keys)
    {
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("keys").StartArray();
        foreach (var key in keys)
        {
            using var opened = Open(key);
            var point = opened.ExportParameters(includePrivateParameters: false).Q;
            writer.StartObject();
            writer.Name("alg").String("ES256");
            writer.Name("crv").String("P-256");
            writer.Name("kid").String(key.Id);
            writer.Name("kty").String("EC");
            writer.Name("use").String("sig");
            writer.Name("x").String(Base64Url.EncodeToString(point.X));
            writer.Name("y").String(Base64Url.EncodeToString(point.Y));
            writer.EndObject();
        }
        return writer.EndArray().EndObject().ToArray();
    }

    private static ECDsa Open(KeyRecord key)
    {
        var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(key.Private, out _);
        return opened;
    }
}

/// <summary>A private key as it is kept.</summary>
/// <param name="Id">Its id (<c>kid</c>).</param>
/// <param name="Created">When it began to sign.</param>
/// <param name="Private">PKCS #8.</param>
internal sealed record KeyRecord(string Id, DateTimeOffset Created, byte[] Private);

/// <summary>Source-generated JSON of the file of keys.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyRecord[]))]
internal sealed partial class TokenKeyJson : JsonSerializerContext;
