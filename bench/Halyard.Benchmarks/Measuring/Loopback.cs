using System.Net;
using System.Net.Sockets;

namespace Halyard.Benchmarks.Measuring;

/// <summary>Servers on this machine.</summary>
internal static class Loopback
{
    /// <summary>Whether a server can serve: whether what it tells that by is found.</summary>
    public static async Task<bool> IsReadyAsync(HttpClient client, string path = "/health/ready")
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Nobody listens yet.
            return false;
        }
    }

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
