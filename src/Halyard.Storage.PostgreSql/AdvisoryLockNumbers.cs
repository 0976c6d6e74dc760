using System.Globalization;
using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql;

/// <summary>The advisory locks of one schema.</summary>
internal sealed class AdvisoryLockNumbers(string schema)
{
    /// <summary>Who has it may rewrite what a tenant's entries are found by.</summary>
    public long Folding(int tenant) =>
        AdvisoryLocks.Number(schema, string.Create(CultureInfo.InvariantCulture, $"fold {tenant}"));
}
