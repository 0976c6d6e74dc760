using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Server.Hosting;

namespace Halyard.Server.Authentication.Local;

/// <summary>Puts the users that this server itself knows together.</summary>
internal static class LocalIdentity
{
    public static void AddLocalUsers(this IServiceCollection services, HalyardOptions all)
    {
        var options = all.Identity.Local;
        var keys = options.TokenKeyFile.Length == 0 ? $"{all.Database}.jwt" : options.TokenKeyFile;
        services.AddSingleton(options);
        services.AddSingleton<LocalUsers>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton(provider => new PasswordVault(
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<PersonalVault>(),
            provider.GetRequiredService<Entropy>()
        ));
        services.AddSingleton(provider => new TokenKeys(
            Path.GetFullPath(keys),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Entropy>()
        ));
        services.AddSingleton<OwnTokens>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<LogInThrottle>();
        services.AddSingleton<PasswordLogIn>();
        services.AddSingleton<PasswordChange>();
        services.AddSingleton<FailedLogIns>();
        services.AddHostedService(provider => provider.GetRequiredService<FailedLogIns>());
    }
}
