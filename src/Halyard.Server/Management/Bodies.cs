using System.Buffers;
using System.Text.Json;
using Halyard.Core;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Requests;

namespace Halyard.Server.Management;

/// <summary>A request's body, read strictly: bounded, canonical, no member that nobody knows.</summary>
internal sealed class Body : IDisposable
{
    /// <summary>The largest body of a change.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly JsonDocument _document;

    private Body(JsonDocument document, byte[] canonical, byte[] sent)
    {
        Sent = sent;
        _document = document;
        Canonical = canonical;
        Json = JsonCursor.Root(document.RootElement, Problems);
    }

    /// <summary>What is wrong so far.</summary>
    public List<DefinitionProblem> Problems { get; } = [];

    /// <summary>The root.</summary>
    public JsonCursor Json { get; }

    /// <summary>The bytes as they came.</summary>
    public byte[] Sent { get; }

    /// <summary>The canonical bytes.</summary>
    public byte[] Canonical { get; }

    /// <summary>The problems as an error, or <see langword="null"/>.</summary>
    public Error? Error =>
        Problems.Count == 0
            ? null
            : new Error.Invalid([.. Problems.Select(problem => new FieldProblem(problem.Pointer, problem.Message))]);

    /// <summary>Reads the body, or gives the answer that refuses it. An empty body reads as <c>{}</c>.</summary>
    public static async ValueTask<(Body? Body, IResult? Refusal)> ReadAsync(HttpContext context)
    {
        var (bytes, tooLarge) = await BoundedBody.ReadAsync(context, MaxBytes);
        if (tooLarge)
            return (null, Management.Problems.TooLarge(MaxBytes));
        if (bytes.Length == 0)
            bytes = "{}"u8.ToArray();
        if (CanonicalJson.TryCanonicalize(bytes, out var canonical, out var problem))
            return (new Body(JsonDocument.Parse(canonical), canonical, bytes), null);
        return (null, Refusal(bytes, problem));
    }

    /// <summary>
    /// The canonical bytes without one member: a digest of the request is kept under its idempotency key, and must tell nothing of a
    /// password to whoever guesses.
    /// </summary>
    public byte[] CanonicalWithout(string secret)
    {
        var buffer = new ArrayBufferWriter<byte>(Canonical.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in Json.Element.EnumerateObject().Where(member => member.Name != secret))
                member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    /// <summary>What is not JSON is 400; JSON that cannot be kept exactly (duplicate names, lone surrogates, numbers beyond a double) 422.</summary>
    private static IResult Refusal(byte[] bytes, JsonProblem problem)
    {
        try
        {
            using var parsed = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth });
        }
        catch (JsonException)
        {
            return Management.Problems.Malformed($"The body is not JSON: {problem.Message} (byte {problem.Offset}).");
        }
        return Management.Problems.Of(Error.Invalid.At(problem.Pointer, problem.Message));
    }
}
