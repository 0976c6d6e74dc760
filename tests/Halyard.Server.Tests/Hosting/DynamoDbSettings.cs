using Halyard.Core;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>What servers are told of DynamoDB's stand-in, with a table of their own. Credentials stand in the environment, as for AWS.</summary>
public sealed class DynamoDbSettings
{
    /// <summary>A table that nobody has made yet.</summary>
    public DynamoDbSettings(Moto moto)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        Settings =
        [
            "--Halyard:Store=dynamodb",
            "--Halyard:DynamoDb:Region=eu-central-1",
            $"--Halyard:DynamoDb:ServiceUrl={moto.RequireAddress()}",
            $"--Halyard:DynamoDb:TableName={Entropy.System.NewId("t")}",
        ];
    }

    /// <summary>The command line.</summary>
    public IReadOnlyList<string> Settings { get; }
}
