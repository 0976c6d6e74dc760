using System.Buffers;

namespace Halyard.Server.Requests;

/// <summary>Reads bodies whole, up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>The bytes of the body, or that there are more than the limit.</summary>
    public static async ValueTask<(byte[] Bytes, bool TooLarge)> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
            return ([], true);
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            if (result.Buffer.Length > limit)
                return ([], true);
            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return (bytes, false);
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
