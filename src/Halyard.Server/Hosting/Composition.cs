using System.Data.Common;
using System.Text.Json.Serialization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Changes.Simulating;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Rollouts;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Server.Approvals;
using Halyard.Server.Authentication;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Authentication.Sessions;
using Halyard.Server.Authorization;
using Halyard.Server.Bypasses;
using Halyard.Server.Checks;
using Halyard.Server.Dashboard;
using Halyard.Server.Delivery;
using Halyard.Server.Edges;
using Halyard.Server.Exports;
using Halyard.Server.Gates;
using Halyard.Server.Jobs;
using Halyard.Server.Management;
using Halyard.Server.Ofrep;
using Halyard.Server.Publishing;
using Halyard.Server.Reports;
using Halyard.Server.Retention;
using Halyard.Server.Snapshots;
using Halyard.Server.Timers;
using Halyard.Server.Tracking;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>Puts the server together: the only place that knows every part.</summary>
internal static class Composition
{
    /// <summary>The largest request of any endpoint that does not say otherwise.</summary>
    private const int MaxRequestBytes = Body.MaxBytes + 1024;

    private const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Adds what both the server and the commands that open a store need.</summary>
    public static HalyardOptions AddHalyardStore(this IHostApplicationBuilder builder)
    {
        var options = new HalyardOptions();
        builder.Configuration.GetSection(HalyardOptions.Section).Bind(options);
        if (options.Problems().ToList() is { Count: > 0 } problems)
            throw new OptionsValidationException(HalyardOptions.Section, typeof(HalyardOptions), problems);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Entropy.System);
        services.AddSingleton(new LogOrigins(options.LogHost));
        services.AddSingleton<IAccessStates, AccessStates>();
        services.AddSingleton<IPolicyEngine>(provider =>
            options.Authorization.UsesOpa
                ? new OpaEngine(options.Authorization, provider.GetRequiredService<TimeProvider>())
                : new RegoEngine(provider.GetRequiredService<TimeProvider>())
        );
        services.AddSingleton<IAuthorizer, PolicyAuthorizer>();
        services.AddSingleton<ITimeZones, SystemTimeZones>();
        services.AddBypassSetting(options.Bypass, builder.Configuration);
        services.AddSingleton<ChangeService>();
        services.AddSingleton<HistoryImporter>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<ErasureReplay>();
        services.AddStore(options);
        return options;
    }

    /// <summary>Adds the server.</summary>
    public static void AddHalyardServer(this WebApplicationBuilder builder)
    {
        var options = builder.AddHalyardStore();
        var services = builder.Services;
        services.AddSingleton<ProjectReader>();
        services.AddSingleton(provider => new EntryReader(
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<PersonalVault>(),
            provider.GetRequiredService<HalyardOptions>().Privacy.ShowReasons ? Disclosure.Reasons : Disclosure.Nothing
        ));
        services.AddSingleton<ComplianceReader>();
        services.AddSingleton<AccessHistory>();
        services.AddSingleton<PolicyDryRun>();
        services.AddSingleton<WhoCould>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<ChangeSimulation>();
        services.AddSingleton<RolloutHistory>();
        services.AddBypasses();
        services.AddEdge(options.Edge);
        services.AddSingleton(new DashboardFiles(options.Dashboard));
        services.AddSingleton(provider => new CredentialUse(provider.GetRequiredService<IStore>()));
        services.AddHostedService<CredentialUseFlusher>();
        services.AddSingleton<CredentialDirectory>();
        services.AddSessions(options.Identity.Session);
        services.AddLocalUsers(options);
        services.AddOidc(options.Identity);
        services.AddSingleton<SnapshotTable>();
        services.AddSingleton<OfrepHandler>();
        services.AddSingleton<SnapshotAge>();
        services.AddSingleton<SnapshotFollower>();
        services.AddSingleton<Submissions>();
        services.AddSingleton<Reveals>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<FreezeAnswers>();
        services.AddHostedService<FirstStartService>();
        builder.AddPublishing(options);
        services.AddHostedService(provider => provider.GetRequiredService<SnapshotFollower>());
        services.AddHostedService<EvaluationFlusher>();
        services.AddDelivery();
        services.AddJobs();
        services.AddTimers();
        services.AddExports(options);
        services.AddChecks();
        services.AddGates(options.Checks);
        services.AddRetention(options.Archive);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, Contracts.ContractJson.Wire);
            // A number is a number, in the description too.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", OpenApiDocument.Configure);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
    }

    /// <summary>Maps every endpoint behind the access rules.</summary>
    public static void MapHalyard(this WebApplication app)
    {
        app.UseEdge(app.Services.GetRequiredService<EdgeOptions>());
        app.UseExceptionHandler(error => error.Run(AnswerExceptionAsync));
        app.UseStatusCodePages(pages =>
            Problems.ForStatus(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext)
        );
        app.UseRouting();
        app.UseCors();
        app.UseAddressLimit();
        app.UseMiddleware<DashboardMiddleware>();
        app.UseMiddleware<AccessMiddleware>();

        var api = app.MapGroup("/api/v1").WithTags("Management");
        api.MapProjects();
        api.MapFlagOverview();
        api.MapPeople();
        api.MapChanges();
        api.MapChangeRequests();
        api.MapApprovalPolicies();
        api.MapPolicySimulation();
        api.MapDelegations();
        api.MapBypasses();
        api.MapEnvironmentChecks();
        api.MapPromotionGates();
        api.MapImports();
        api.MapEvaluate();
        api.MapEvaluations();
        api.MapAudit();
        api.MapReports();
        api.MapLedger();
        api.MapExports();
        api.MapChecks();
        api.MapJobs();
        api.MapCredentials();
        api.MapServiceAccounts();
        api.MapSessionsOfPeople();
        api.MapRoles();
        api.MapAssignments();
        api.MapPolicy();
        api.MapWhoCould();
        api.MapPrivacy();
        api.MapHolds();
        api.MapFreezes();
        api.MapRetention();
        app.MapPublished(app.Services.GetRequiredService<PublishingOptions>().Publishing);
        api.MapSinks();
        app.MapSessions();
        if (app.Services.GetRequiredService<LocalOptions>().Enabled)
        {
            api.MapUsers();
            app.MapPasswords();
        }
        app.MapOidc();
        app.MapOfrep();
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json").AllowEverybody();
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        // What was set before it broke is gone.
        Edge.SetHeaders(context);
        var broken = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var status = broken switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            // The store is away: another server, or this one later, may do it.
            StoreAwayException or IOException { InnerException: DbException } => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return Problems.ForStatus(status).ExecuteAsync(context);
    }
}
