using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>One server for all these classes, two tables each store.</summary>
[CollectionDefinition(Name)]
public sealed class DynamoDbCollection : ICollectionFixture<Moto>
{
    public const string Name = "DynamoDB";
}
