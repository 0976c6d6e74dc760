using System.Diagnostics.CodeAnalysis;
using Halyard.Core;
using Halyard.Core.Storage.Copying;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>
/// A store that an operator names on the command line: <c>sqlite:PATH</c>, <c>postgres</c> (what the configuration says),
/// <c>postgres:CONNECTION STRING</c>, <c>dynamodb</c> or <c>dynamodb:TABLE</c>. All else about it is as the configuration has it.
/// </summary>
internal static class StorePlace
{
    /// <summary>How stores are named, for who asks.</summary>
    public const string Form = "sqlite:PATH, postgres, postgres:CONNECTION-STRING, dynamodb or dynamodb:TABLE";

    private const string Sqlite = "sqlite:";
    private const string Postgres = "postgres";
    private const string DynamoDb = "dynamodb";

    /// <summary>The configuration of the server with that store in place of its own; <see langword="null"/> where it names none.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static HalyardOptions? Read(string? name, IConfiguration configuration)
    {
        var options = Configured(configuration);
        if (name?.StartsWith(Sqlite, StringComparison.Ordinal) is true && name.Length > Sqlite.Length)
        {
            (options.Store, options.Database) = ("sqlite", name[Sqlite.Length..]);
        }
        else if (IsNamed(name, Postgres))
        {
            options.Store = Postgres;
            if (name.Length > Postgres.Length)
                options.PostgreSql.ConnectionString = name[(Postgres.Length + 1)..];
        }
        else if (IsNamed(name, DynamoDb))
        {
            options.Store = DynamoDb;
            if (name.Length > DynamoDb.Length)
                options.DynamoDb.TableName = name[(DynamoDb.Length + 1)..];
        }
        else
        {
            return null;
        }
        return Checked(options);
    }

    /// <summary>The server's own store.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static HalyardOptions Own(IConfiguration configuration) => Checked(Configured(configuration));

    /// <summary>A SQLite file whose keys are wrapped as those of the server's own store are.</summary>
    public static HalyardOptions File(string path, HalyardOptions own)
    {
        var options = new HalyardOptions { Database = path };
        options.Privacy.KeyFile = own.Privacy.KeyFile.Length > 0 ? own.Privacy.KeyFile : own.Database + ".kek";
        return options;
    }

    /// <summary>The parts that open the store.</summary>
    public static ServiceProvider Open(HalyardOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Entropy.System);
        services.AddStore(options);
        return services.BuildServiceProvider();
    }

    /// <summary>How a store can be copied.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static IStoreCopies Copies(IServiceProvider services) =>
        services.GetService<IStoreCopies>() ?? throw new IOException("This kind of store can neither be copied from nor to.");

    private static bool IsNamed([NotNullWhen(true)] string? name, string kind) =>
        name == kind || name?.StartsWith($"{kind}:", StringComparison.Ordinal) is true;

    private static HalyardOptions Configured(IConfiguration configuration)
    {
        var options = new HalyardOptions();
        configuration.GetSection(HalyardOptions.Section).Bind(options);
        return options;
    }

    private static HalyardOptions Checked(HalyardOptions options) =>
        options.Problems().ToList() is { Count: > 0 } problems
            ? throw new OptionsValidationException(HalyardOptions.Section, typeof(HalyardOptions), problems)
            : options;
}
