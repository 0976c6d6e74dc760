using Halyard.Testing;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>One server for all these classes, a schema each test.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<Postgres>
{
    public const string Name = "PostgreSQL";
}
