using System.Buffers;
using System.Text.Json;
using Halyard.Evaluation;

namespace Halyard.Server.Ofrep;

/// <summary>Reads the context of an OFREP request straight from the pipe that the body arrives in.</summary>
internal static class ContextReader
{
    private const int MaxBody = EvaluationContext.MaxBytes + 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>The context, or why there is none.</summary>
    public static async ValueTask<(EvaluationContext? Context, string? Problem)> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBody)
            return (null, "the body is too large");
        var reader = request.BodyReader;
        while (true)
        {
            // The pipe itself ends with the connection; the request's token would cost a source of its own.
            var result = await reader.ReadAsync(CancellationToken.None);
            var body = result.Buffer;
            if (body.Length > MaxBody)
            {
                // Kestrel reads the rest away, for which this read must have ended.
                reader.AdvanceTo(body.End);
                return (null, "the body is too large");
            }
            if (result.IsCompleted)
            {
                TryRead(body, out var context, out var problem);
                reader.AdvanceTo(body.End);
                return (context, problem);
            }
            reader.AdvanceTo(body.Start, body.End);
        }
    }

    private static bool TryRead(ReadOnlySequence<byte> body, out EvaluationContext? context, out string? problem)
    {
        context = null;
        var reader = body.IsSingleSegment ? new Utf8JsonReader(body.FirstSpan, Options) : new Utf8JsonReader(body, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                problem = "the body must be an object with a context";
                return false;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isContext = reader.ValueTextEquals("context"u8);
                reader.Read();
                if (!isContext)
                    reader.Skip();
                else if (!EvaluationContext.TryRead(ref reader, out context, out problem))
                    return false;
            }
            // Whatever follows the object must be nothing but white space.
            _ = reader.Read();
        }
        catch (JsonException)
        {
            context = null;
            problem = "the body is not JSON";
            return false;
        }
        catch (InvalidOperationException)
        {
            context = null;
            problem = "the body is not valid Unicode";
            return false;
        }
        problem = context is null ? "the body has no context" : null;
        return context is not null;
    }
}
