using System.Collections.Concurrent;
using System.Reflection;
using Halyard.Core.Storage;
using Halyard.Server.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Access;

/// <summary>A server that tells which calls of the store a request made.</summary>
public sealed class CountingServer : HalyardServer
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>An answer, with the names of the store's methods that were called for it.</summary>
    public async Task<(Answer Answer, IReadOnlyList<string> Calls)> CountAsync(
        string method,
        string path,
        byte[]? body,
        string credential
    )
    {
        _calls.Clear();
        var answer = await SendAsync(method, path, body, credential);
        return (answer, [.. _calls]);
    }

    /// <inheritdoc/>
    protected override void ConfigureServices(IServiceCollection services)
    {
        var real = services.Single(service => service.ServiceType == typeof(IStore) && !service.IsKeyedService);
        services.Remove(real);
        services.AddHttpContextAccessor();
        services.AddSingleton(provider =>
        {
            var counted = DispatchProxy.Create<IStore, Counted>();
            ((Counted)(object)counted).Begin(
                (IStore)real.ImplementationFactory!(provider),
                _calls,
                provider.GetRequiredService<IHttpContextAccessor>()
            );
            return counted;
        });
    }

    /// <summary>Writes the name of every call down that belongs to a request, and not to what the server does by itself meanwhile.</summary>
    public class Counted : DispatchProxy
    {
        private IStore? _store;
        private ConcurrentQueue<string>? _calls;
        private IHttpContextAccessor? _requests;

        public void Begin(IStore store, ConcurrentQueue<string> calls, IHttpContextAccessor requests) =>
            (_store, _calls, _requests) = (store, calls, requests);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (_requests!.HttpContext is not null)
                _calls!.Enqueue(targetMethod!.Name);
            return targetMethod!.Invoke(_store, args);
        }
    }
}
