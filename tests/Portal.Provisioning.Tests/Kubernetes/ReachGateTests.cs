using System.Net;
using System.Net.Sockets;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

public class ReachGateTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void Enter_WhileClosed_FailsAtOnceAndOneTriesWhenTheRestIsOver()
    {
        var gate = new ReachGate(_clock);

        gate.Enter(null);
        gate.Close("no connection");
        _clock.Advance(TimeSpan.FromSeconds(4));
        var resting = Assert.Throws<KubeException>(() => gate.Enter(null));
        _clock.Advance(TimeSpan.FromSeconds(6));
        gate.Enter(null);
        var meanwhile = Assert.Throws<KubeException>(() => gate.Enter(null));
        gate.Open();
        gate.Enter(null);

        Assert.Equal((KubeFault.Unavailable, "no connection", TimeSpan.FromSeconds(6)), (resting.Fault, resting.Message, resting.RetryAfter));
        Assert.Equal(TimeSpan.FromSeconds(10), meanwhile.RetryAfter);
    }

    [Fact]
    public async Task Call_ToAnAddressThatSwallowsConnections_WaitsOnceAndNotForEveryCall()
    {
        // A listener that accepts nobody, with its queue full: further connections are neither refused nor made.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)deaf.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var client = FaultTests.Client(new ClusterConnection
        {
            Name = "deaf",
            Server = new Uri($"http://127.0.0.1:{((IPEndPoint)deaf.LocalEndPoint!).Port}"),
            Options = Quick with { ConnectTimeout = TimeSpan.FromMilliseconds(400), ReadTimeout = TimeSpan.FromSeconds(20) },
        });

        var waited = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(TestContext.Current.CancellationToken));
        var atOnce = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(TestContext.Current.CancellationToken));

        Assert.Equal((KubeFault.TimedOut, true), (waited.Fault, waited.IsTransient));
        Assert.Contains("The cluster deaf at http://127.0.0.1", waited.Message, StringComparison.Ordinal);
        Assert.Contains("no connection within 0.4 s", waited.Message, StringComparison.Ordinal);
        Assert.Equal((KubeFault.Unavailable, true, waited.Message), (atOnce.Fault, atOnce.RetryAfter > TimeSpan.Zero, atOnce.Message));
    }
}
