using System.Net;
using System.Text;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>What holds over the wire holds for the calls of the portal itself, which take the short way.</summary>
public sealed class InProcessFaultTests : SandboxRequestFaultTests
{
    protected override HttpMessageHandler Carrier() => Cluster.CreateHandler();
}

public sealed class InProcessWatchTests : SandboxWatchTests
{
    protected override HttpMessageHandler Carrier() => Cluster.CreateHandler();
}

public sealed class InProcessReadTests : SandboxReadTests
{
    protected override HttpMessageHandler Carrier() => Cluster.CreateHandler();
}

/// <summary>What is particular to requests that never leave the process.</summary>
public sealed class InProcessTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";

    protected override HttpMessageHandler Carrier() => Cluster.CreateHandler();

    [Fact]
    public async Task Request_WithoutTheToken_IsUnauthorized()
    {
        Http.DefaultRequestHeaders.Authorization = null;

        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(Maps)).Code);
    }

    [Fact]
    public async Task List_LongerThanTheRoomOfAnAnswer_WaitsForItsReaderAndComesWhole()
    {
        var text = new string('x', 300_000);
        for (var at = 0; at < 10; at++)
        {
            await Send(HttpMethod.Post, Maps, $$$"""{"metadata":{"name":"map-{{{at}}}"},"data":{"a":"{{{text}}}"}}""");
        }

        using var response = await Http.GetAsync(Maps, HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(response.Content.Headers.ContentLength, Encoding.UTF8.GetByteCount(body));
        Assert.True(body.Length > 3_000_000, $"{body.Length} characters");
    }

    [Fact]
    public async Task List_WhoseReaderLeaves_EndsAtTheServer()
    {
        var text = new string('x', 900_000);
        for (var at = 0; at < 3; at++)
        {
            await Send(HttpMethod.Post, Maps, $$$"""{"metadata":{"name":"map-{{{at}}}"},"data":{"a":"{{{text}}}"}}""");
        }

        (await Http.GetAsync(Maps, HttpCompletionOption.ResponseHeadersRead)).Dispose();

        await Eventually.Holds(() => Cluster.Faults.Connections.Count == 0, "nobody is being answered");
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/map-0")).Code);
    }

    [Fact]
    public async Task Watch_WhoseReaderLeaves_EndsAtTheServer()
    {
        var response = await Http.GetAsync($"{Maps}?watch=true", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(1, Cluster.Faults.Connections.Count);

        response.Dispose();

        await Eventually.Holds(() => Cluster.Faults.Connections.Count == 0, "nobody watches");
    }

    [Fact]
    public async Task Request_CancelledWhileItWaits_IsCancelledAndEndsAtTheServer()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("list", "ConfigMap") { Effect = RequestEffect.Serve, Delay = TimeSpan.FromMinutes(5) });
        using var stop = new CancellationTokenSource();
        var answer = Http.GetAsync(Maps, stop.Token);
        await Eventually.Holds(() => Cluster.Faults.Connections.Count == 1, "it waits");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await Eventually.Holds(() => Cluster.Faults.Connections.Count == 0, "it ended");
    }

    [Fact]
    public async Task Request_FromAPagesTurn_IsServedOutsideOfIt()
    {
        var turn = new Turn();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(turn);
        Task<HttpResponseMessage> answer;
        try
        {
            answer = Http.GetAsync(Maps, HttpCompletionOption.ResponseHeadersRead);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        // Were the server a part of the turn, one that never comes would hold it up.
        using var response = await answer.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>A turn that never comes.</summary>
    private sealed class Turn : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
