using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Stands between servers and their database, and cuts the line when it is told to.</summary>
internal sealed class DroppingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _isCut;

    /// <summary>Begins to listen.</summary>
    /// <param name="port">The port on this machine that it leads to.</param>
    public DroppingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Drops every connection, and each new one.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys)
            client.Close();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Cut();
        _listener.Dispose();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                if (_isCut)
                    client.Close();
                else
                    _ = ForwardAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        (_open[client], _open[server]) = (true, true);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream()),
                server.GetStream().CopyToAsync(client.GetStream())
            );
        }
        catch (Exception cut) when (cut is IOException or SocketException or InvalidOperationException)
        {
            // By one side or by the proxy: the other hears of it below.
        }
        _open.Remove(client, out _);
        _open.Remove(server, out _);
        client.Close();
    }
}
