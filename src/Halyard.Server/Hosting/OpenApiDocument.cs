using Microsoft.AspNetCore.OpenApi;

namespace Halyard.Server.Hosting;

/// <summary>Describes the API as OpenAPI 3.1.</summary>
internal static class OpenApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = "Halyard";
                document.Info.Version = "v1";
                document.Info.Description = "Governed feature flags. Tenant and identity come from the credential alone.";
                document.Servers?.Clear();
                return Task.CompletedTask;
            }
        );
    }
}
