using System.Net;
using System.Net.Sockets;

namespace Portal.DataPath.Tests.Programs;

/// <summary>Ports of the loopback interface that nobody uses.</summary>
internal static class LoopbackPorts
{
    /// <summary>As many free ports as asked for, all different. Another program could take one before it is used; a test then fails with that program's message.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
