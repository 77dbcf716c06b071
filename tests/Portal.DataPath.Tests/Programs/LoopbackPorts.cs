using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.DataPath.Tests.Programs;

/// <summary>Ports of the loopback interface that nobody uses.</summary>
/// <remarks>
/// Below those that the system gives out by itself (/proc/sys/net/ipv4/ip_local_port_range), so that no connection and no server of another
/// test takes one between here and its use; each is given out once in this process.
/// </remarks>
internal static class LoopbackPorts
{
    private const int First = 12_000;

    private static readonly Lock s_lock = new();
    private static readonly int s_end = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split()[0], CultureInfo.InvariantCulture);

    // Two runs on one machine begin at different places.
    private static int s_next = First + (Environment.ProcessId * 200 % (s_end - First));

    public static IReadOnlyList<int> Free(int count)
    {
        lock (s_lock)
        {
            var ports = new List<int>();
            while (ports.Count < count)
            {
                s_next = s_next + 1 < s_end ? s_next + 1 : First;
                if (IsFree(s_next))
                {
                    ports.Add(s_next);
                }
            }

            return ports;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
