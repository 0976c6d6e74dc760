using Halyard.Core.Access.Users;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading;

/// <summary>Puts names to pseudonymous ids.</summary>
public static class SubjectNames
{
    /// <summary>
    /// The names behind ids: of users what they are called, or their address where they are called nothing; of everybody else the name
    /// that the directory has. Who is not known, or was erased, is left out.
    /// </summary>
    public static async ValueTask<Dictionary<string, string>> ReadAsync(
        IStore store,
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        var found = await store.SubjectNamesAsync(tenant, subjects, cancellationToken);
        var names = new Dictionary<string, string>(found, StringComparer.Ordinal);
        var users = subjects.Where(id => id.StartsWith(User.IdPrefix, StringComparison.Ordinal)).Select(User.NameOf).ToList();
        if (users.Count == 0)
            return names;
        var slice = await store.LoadAsync(tenant, users, [], cancellationToken);
        foreach (var stored in slice.Resources.Values)
        {
            if (ResourceDocuments.Read(stored.Name, stored.Document) is User user)
                names[user.Id] = user.Title.Length > 0 ? user.Title : user.Email;
        }
        return names;
    }
}
