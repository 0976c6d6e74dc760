using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Management;

/// <summary>
/// Answers made of stored documents: a resource's canonical document with its revision and times beside it, never bound and
/// written again. A contract test holds them against <c>Halyard.Contracts</c>.
/// </summary>
internal static class Documents
{
    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder, SkipValidation = true };

    /// <summary>One resource, with its revision as ETag.</summary>
    /// <param name="context">The request.</param>
    /// <param name="view">The resource.</param>
    /// <param name="sight">Of flags, which environments are shown; <see langword="null"/> for others.</param>
    public static IResult One(HttpContext context, ResourceView view, EnvironmentSight? sight = null)
    {
        context.Response.Headers.ETag = $"\"{view.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return Json(writer => Write(writer, view, sight: sight));
    }

    /// <summary>A page of resources.</summary>
    /// <param name="items">The resources.</param>
    /// <param name="next">The cursor of the next page, or <see langword="null"/>.</param>
    /// <param name="lastUsed">When each was used last, by id; <see langword="null"/> where that is not known of such resources.</param>
    /// <param name="sight">Of flags, which environments are shown; <see langword="null"/> for others.</param>
    public static IResult Page(
        IEnumerable<ResourceView> items,
        string? next,
        IReadOnlyDictionary<string, string>? lastUsed = null,
        EnvironmentSight? sight = null
    ) =>
        Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var item in items)
                Write(writer, item, lastUsed?.GetValueOrDefault(item.Resource.Id), sight);
            writer.WriteEndArray();
            if (next is not null)
                writer.WriteString("next", next);
            writer.WriteEndObject();
        });

    private static FileContentHttpResult Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return TypedResults.Bytes(buffer.WrittenMemory, "application/json; charset=utf-8");
    }

    private static void Write(Utf8JsonWriter writer, ResourceView view, string? lastUsed = null, EnvironmentSight? sight = null)
    {
        writer.WriteStartObject();
        using var document = JsonDocument.Parse(view.Document);
        var isCredential = view.Resource is Token or SdkKey;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            // The digest of a secret is nobody's business, and a credential is named by its id.
            if (isCredential && member.Name is "secret" or "previousSecret" or "subject" or "environmentId" or "key")
                continue;
            if (sight is not null && view.Resource is Flag flag && member.Name is "environments")
            {
                WriteEnvironments(writer, flag, member.Value, sight);
                continue;
            }
            if (view.Resource is ServiceAccount && member.Name is "key")
                continue;
            if (view.Resource is Token && member.Name is "roles")
                continue;
            // Which of the passwords counts, and how often sessions were ended, is the server's own book-keeping.
            if (view.Resource is User && member.Name is "password" or "epoch" or "key")
                continue;
            member.WriteTo(writer);
        }
        if (view.Resource is Token token)
            WriteHolder(writer, token);
        if (lastUsed is not null)
            writer.WriteString("lastUsedAt", lastUsed);
        if (!isCredential)
            writer.WriteNumber("revision", view.Revision);
        if (view.Resource is Flag or User or ServiceAccount || isCredential)
        {
            if (view.CreatedAt is { } created)
                writer.WriteString("createdAt", Rfc3339.Format(created));
            if (!isCredential)
                writer.WriteString("updatedAt", Rfc3339.Format(view.UpdatedAt));
        }
        writer.WriteEndObject();
    }

    private static void WriteEnvironments(Utf8JsonWriter writer, Flag flag, JsonElement environments, EnvironmentSight sight)
    {
        writer.WriteStartObject("environments");
        foreach (var environment in environments.EnumerateObject().Where(item => sight.Shows(flag, item.Name)))
            environment.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteHolder(Utf8JsonWriter writer, Token token)
    {
        writer.WriteStartArray("roles");
        foreach (var role in token.Roles)
            writer.WriteStringValue(role);
        writer.WriteEndArray();
        if (token.Account is { } account)
            writer.WriteString("serviceAccount", account);
    }
}
