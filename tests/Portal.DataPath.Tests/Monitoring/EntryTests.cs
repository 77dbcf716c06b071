namespace Portal.DataPath.Tests.Monitoring;

/// <summary>What watches the entry from inside: the rendered prober, the rules on its answers, and the series of kube-state-metrics.</summary>
public sealed class EntryTests
{
    private const string States = """
        # TYPE kube_pod_container_status_restarts_total counter
        kube_pod_container_status_restarts_total{namespace="shop",pod="gateway-1",container="gateway"} 5
        # TYPE kube_deployment_spec_replicas gauge
        kube_deployment_spec_replicas{namespace="shop",deployment="gateway"} 3

        """;

    [Fact]
    public async Task Entry_ThatFailsIsMendedAndGoes_IsToldAsItIs()
    {
        await using var world = await EntryWorld.StartAsync(daysLeft: 365, States);

        await world.UntilAsync("probe_success{namespace=\"shop\",tier=\"edge\",location=\"jakarta\",component=\"metrics\"}", "1");
        await world.UntilAsync("probe_success{namespace=\"shop\",tier=\"load-balancer\"}", "1");
        Assert.Equal("200", await world.QueryAsync("probe_http_status_code{tier=\"edge\"}"));
        Assert.Equal("364", await world.QueryAsync("floor((probe_ssl_earliest_cert_expiry{tier=\"edge\"} - time()) / 86400)"));
        Assert.Equal("1", await world.QueryAsync("count(probe_duration_seconds{tier=\"edge\"})"));
        Assert.Equal("", await world.QueryAsync("ALERTS{alertname=~\"Certificate.*|EntryDoesNotAnswer\"}"));

        world.Status = 503;
        await world.UntilAsync("count(ALERTS{alertname=\"EntryDoesNotAnswer\",alertstate=\"firing\",component=\"edge\"})", "1");

        // A site that asks for a login at its root answers.
        world.Status = 401;
        await world.UntilAsync("count(ALERTS{alertname=\"EntryDoesNotAnswer\"}) or vector(0)", "0");

        await world.Edge.Nginx.StopAsync();
        await world.UntilAsync("count(ALERTS{alertname=\"EntryDoesNotAnswer\",alertstate=\"firing\",component=\"edge\"})", "1");
        // The prober is there; it is the edge that is not.
        Assert.Equal("1 1", await world.QueryAsync("up{job=\"entry\"}"));
    }

    [Theory]
    [InlineData(13, "CertificateEndsSoon")]
    [InlineData(-1, "CertificateEnds CertificateEndsSoon")]
    public async Task Certificate_ThatEndsSoonOrHasEnded_FiresTheRulesOfIt(int daysLeft, string expected)
    {
        await using var world = await EntryWorld.StartAsync(daysLeft, States);

        foreach (var alert in expected.Split(' '))
        {
            await world.UntilAsync($"count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\",component=\"edge\",severity=\"{(alert == "CertificateEnds" ? "critical" : "warning")}\"}})", "1");
        }

        Assert.Equal($"{expected.Split(' ').Length}", await world.QueryAsync("count(ALERTS{alertname=~\"Certificate.*\"})"));
        Assert.Equal("1", await world.QueryAsync("probe_success{tier=\"edge\"}"));
    }

    /// <summary>Two programs name a pod: the one that is read, and the one that the series is about.</summary>
    [Fact]
    public async Task StateMetrics_OfOtherPods_KeepTheNamesOfThose()
    {
        await using var world = await EntryWorld.StartAsync(daysLeft: 365, States);

        await world.UntilAsync("kube_pod_container_status_restarts_total{namespace=\"shop\",pod=\"gateway-1\",container=\"gateway\"}", "5");
        Assert.Equal("1", await world.QueryAsync("up{job=\"kube-state-metrics\",pod=\"kube-state-metrics\",component=\"metrics\"}"));
        Assert.Equal("3", await world.QueryAsync("max by (namespace, deployment) (kube_deployment_spec_replicas{namespace=\"shop\"})"));
    }
}
