using Microsoft.OpenApi;

namespace Halyard.Server.Management;

/// <summary>Describes bodies that handlers read themselves. Nothing is refused for its content type: every body is read as JSON.</summary>
internal static class BodyDescriptions
{
    /// <summary>Says in the API's description that the endpoint takes this body.</summary>
    public static RouteHandlerBuilder TakesBody<TBody>(this RouteHandlerBuilder builder)
        where TBody : notnull =>
        builder.AddOpenApiOperationTransformer(
            async (operation, context, cancellationToken) =>
            {
                var schema = await context.GetOrCreateSchemaAsync(typeof(TBody), null, cancellationToken);
                var name = typeof(TBody).Name;
                context.Document?.AddComponent(name, schema);
                operation.RequestBody = new OpenApiRequestBody
                {
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/json"] = new() { Schema = new OpenApiSchemaReference(name, context.Document) },
                    },
                };
            }
        );
}
