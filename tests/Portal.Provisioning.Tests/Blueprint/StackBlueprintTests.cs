using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

public sealed class StackBlueprintTests
{
    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Render_Twice_GivesTheSameBytes(string name)
    {
        var each = StackCase.Named(name);

        Assert.Equal(Bytes(each.Render()), Bytes(each.Render()));
    }

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Render_AnyCase_HasObjectsOfEveryComponentAndEveryComponentInTheGraph(string name)
    {
        var each = StackCase.Named(name);
        var stack = each.Render();

        Assert.Equal(Components.All, stack.Graph.Nodes.Select(node => node.Component).Order());
        // With Datadog nothing of ours gathers metrics or tells of alerts; what Google runs is no object here.
        var elsewhere = name.StartsWith("datadog", StringComparison.Ordinal) ? [Component.Metrics, Component.Alerting]
            : each.Spec.PubSub.Provider == PubSubProvider.Google ? [Component.PubSub]
            : each.Spec.MySql.IsExternal() ? [Component.MySql] : Array.Empty<Component>();
        Assert.Equal(Components.All.Except(elsewhere), stack.Manifests.Select(manifest => manifest.Component).Distinct().Order());
    }

    [Fact]
    public void Render_PubSubOfGoogle_LetsTheServicesReachItAndGivesThemItsKey()
    {
        var stack = StackCase.Named("google-basic").Render();

        Assert.DoesNotContain(stack.Graph.Flows, flow => flow.From == Component.PubSub || flow.To == Component.PubSub);
        var endpoints = stack.Manifests.Single(manifest => manifest.Object.Name == "app-endpoints").Object;
        Assert.Equal(("google", "shop-production", null), (endpoints.Text("data", "PUBSUB_PROVIDER"), endpoints.Text("data", "GOOGLE_CLOUD_PROJECT"), endpoints.Text("data", "KAFKA_USER")));
        foreach (var service in new[] { "gateway", "publish", "consume" })
        {
            Assert.Contains(stack.Manifests, manifest => manifest.Object.Name == $"outward-{service}" && manifest.Object.Kind == "NetworkPolicy");
            var text = stack.Manifests.Single(manifest => manifest.Object.Kind == "Deployment" && manifest.Object.Name == service).Object.ToJson();
            Assert.Contains("google-pubsub", text, StringComparison.Ordinal);
            Assert.DoesNotContain("kafka", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_MySqlOfOthers_LetsTheServicesReachItAloneAndRunsNothingForIt()
    {
        var stack = StackCase.Named("external-basic").Render();

        Assert.DoesNotContain(stack.Graph.Flows, flow => flow.From == Component.MySql || flow.To == Component.MySql);
        var endpoints = stack.Manifests.Single(manifest => manifest.Object.Name == "app-endpoints").Object;
        Assert.Equal(
            ["10.20.3.4:3307", "[2001:db8::7]:3307", "shop", "shop@db", "required"],
            ((string[])["PRIMARY", "READ", "DATABASE", "USER", "TLS"]).Select(name => endpoints.Text("data", $"MYSQL_{name}")));
        foreach (var service in new[] { "gateway", "publish", "consume" })
        {
            var rule = Assert.Single(stack.Manifests.Single(manifest => manifest.Object.Name == $"outward-{service}").Object.Items("spec", "egress"));
            Assert.Equal("""{"to":[{"ipBlock":{"cidr":"10.20.3.4/32"}},{"ipBlock":{"cidr":"2001:db8::7/128"}}],"ports":[{"protocol":"TCP","port":3307}]}""", rule.ToJsonString());
            var text = stack.Manifests.Single(manifest => manifest.Object.Kind == "Deployment" && manifest.Object.Name == service).Object.ToJson();
            Assert.Contains("""{"secret":{"name":"shop-db","items":[{"key":"password","path":"mysql-password"}]}}""", text, StringComparison.Ordinal);
        }

        // Neither rules nor a dashboard nor the keys of the object store: there is no server, and no backup of one.
        Assert.DoesNotContain("alert: MySql", RoutingTests.Config(stack, "prometheus-rules", "rules.yml"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("BackupTooOld", RoutingTests.Config(stack, "prometheus-rules", "rules.yml"), StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Name is "grafana-dashboard-mysql" or "object-store" || manifest.Object.Name.StartsWith("mysql", StringComparison.Ordinal));
        Assert.Contains(stack.Notes, note => note.Contains("put the password of shop@db into the Secret shop-db as password", StringComparison.Ordinal));
    }

    /// <summary>What a name leads to is not ours to know.</summary>
    [Fact]
    public void Render_MySqlOfOthersByName_LeavesTheDestinationOpenOnItsPort()
    {
        var each = StackCase.Named("external-basic");
        var named = each with { Spec = each.Spec with { MySql = each.Spec.MySql with { External = each.Spec.MySql.External with { Host = "db.shop.example", ReadHost = null, Tls = false } } } };

        var stack = named.Render();

        Assert.Equal("""{"ports":[{"protocol":"TCP","port":3307}]}""", Assert.Single(stack.Manifests.Single(manifest => manifest.Object.Name == "outward-gateway").Object.Items("spec", "egress")).ToJsonString());
        var endpoints = stack.Manifests.Single(manifest => manifest.Object.Name == "app-endpoints").Object;
        Assert.Equal(("db.shop.example:3307", null), (endpoints.Text("data", "MYSQL_READ"), endpoints.Text("data", "MYSQL_TLS")));
    }

    [Fact]
    public void Schedules_OfManyEnvironments_AreSpreadOverTheHour()
    {
        var specified = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example") with { MySql = Presets.Create(Preset.Small, Purpose.Production, "a.b").MySql with { BackupHour = 5 } };
        string[] Of(byte last) => [.. StackBlueprint.Render(
                specified with { Logs = specified.Logs with { ArchiveDays = 30 } },
                StackCase.Identity with { Id = new EnvironmentId(new Guid([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, last])) }, ClusterCapabilities.Basic, PlatformSettings.Default)
            .Manifests.Where(manifest => manifest.Object.Kind == "CronJob").OrderBy(manifest => manifest.Object.Name, StringComparer.Ordinal).Select(manifest => manifest.Object.Text("spec", "schedule")!)];

        Assert.Equal(["0,30 * * * *", "30 0 * * *", "0 5 * * *"], Of(60));
        Assert.Equal(["29,59 * * * *", "59 0 * * *", "59 5 * * *"], Of(119));
    }

    [Fact]
    public void Graph_OfAnyPreset_HasWavesThatEndAndStartWithTheBase()
    {
        foreach (var preset in Presets.All)
        {
            var graph = StackBlueprint.Graph(Presets.Create(preset, Purpose.Production, "shop.apps.example"));

            Assert.Equal([Component.Base], graph.Nodes.Where(node => graph.Wave(node.Component) == 0).Select(node => node.Component));
            Assert.All(graph.Nodes.SelectMany(node => node.DependsOn.Select(on => (node.Component, on))), edge => Assert.True(graph.Wave(edge.on) < graph.Wave(edge.Component)));
            Assert.Equal(5, graph.Nodes.Max(node => graph.Wave(node.Component)));
        }
    }

    [Theory]
    [InlineData("unusual-basic")]
    [InlineData("unusual-gateway")]
    [InlineData("unusual-bare")]
    public void Graph_WhateverRoutes_LeadsThroughEdgesLoadBalancerAndIngress(string name)
    {
        var graph = StackCase.Named(name).Render().Graph;

        Assert.Equal([Component.Ingress], graph.Node(Component.LoadBalancer).DependsOn);
        Assert.All(
            new (Component?, Component)[] { (null, Component.Edge), (Component.Edge, Component.LoadBalancer), (Component.LoadBalancer, Component.Ingress), (Component.Ingress, Component.Gateway) },
            step => Assert.Contains(graph.Flows, flow => flow.From == step.Item1 && flow.To == step.Item2));
        Assert.Equal(name == "unusual-basic", graph.Flows.Any(flow => flow is { From: Component.LoadBalancer, To: Component.Gateway }));
    }

    [Fact]
    public void Render_AnyCase_IsOrderedByWaveWithEarlyObjectsFirst()
    {
        var stack = StackCase.Of(Preset.Medium).Render();

        var waves = stack.Manifests.Select(manifest => manifest.Early ? 0 : stack.Graph.Wave(manifest.Component)).ToList();

        Assert.Equal(waves.Order(), waves);
        Assert.Equal("Namespace", stack.Manifests[0].Object.Kind);
        Assert.All(stack.Manifests.Where(manifest => manifest.Object.Kind == "Service"), manifest => Assert.True(manifest.Early));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Early && manifest.Object.Kind is "Deployment" or "StatefulSet" or "Job");
    }

    [Fact]
    public void Render_WithoutCapabilities_SaysWhatIsMissing()
    {
        var stack = StackCase.Named("unusual-bare").Render();

        Assert.Contains(stack.Notes, note => note.Contains("gateway stays at 3 pods", StringComparison.Ordinal));
        Assert.Contains(stack.Notes, note => note.Contains("VerticalPodAutoscaler", StringComparison.Ordinal));
        Assert.Contains(stack.Notes, note => note.Contains("storage class", StringComparison.Ordinal));
        Assert.Contains(stack.Notes, note => note.Contains("own ingress tier", StringComparison.Ordinal));
        Assert.Contains(stack.Notes, note => note.Contains("team@example.com", StringComparison.Ordinal));
        Assert.All(stack.Notes, note => Assert.EndsWith(".", note, StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Kind is "HorizontalPodAutoscaler" or "VerticalPodAutoscaler" or "Ingress");
    }

    [Fact]
    public void Render_ForAFullCluster_HasNoNotes() => Assert.Empty(StackCase.Of(Preset.Large).Render().Notes);

    [Fact]
    public void Render_ChangedConfiguration_RollsThePodsThatMountItAndNoOthers()
    {
        var before = StackCase.Of(Preset.Medium);
        var after = before with { Spec = before.Spec with { LoadBalancer = before.Spec.LoadBalancer with { Waf = WafMode.Detection } } };

        Assert.Equal(["load-balancer"], Changed(before.Render(), after.Render(), "Deployment", "StatefulSet"));
        // What has to become of an attack is another thing now.
        Assert.StartsWith("edge-check-", Assert.Single(Changed(before.Render(), after.Render(), "Job")), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ChangedTopics_IsANewJobBesideAnOldOne()
    {
        var before = StackCase.Of(Preset.Medium);
        var after = before with { Spec = before.Spec with { PubSub = before.Spec.PubSub with { Partitions = 24 } } };

        Assert.NotEqual(Jobs(before), Jobs(after));

        static string Jobs(StackCase each) => each.Render().Manifests.Single(manifest => manifest.Object.Kind == "Job" && manifest.Component == Component.PubSub).Object.Name;
    }

    [Fact]
    public void Render_EachGeneration_AsksAtTheEntryAnew()
    {
        var first = StackCase.Of(Preset.Small);
        var second = StackBlueprint.Render(first.Spec, StackCase.Identity with { Generation = 2 }, first.Capabilities);

        Assert.NotEqual(Check(first.Render()).Object.Name, Check(second).Object.Name);
        Assert.Equal([Check(second).Object.Name], Changed(first.Render(), second, "Job", "Deployment", "StatefulSet", "ConfigMap"));

        static Manifest Check(RenderedStack stack) => stack.Manifests.Single(manifest => manifest.Object.Kind == "Job" && manifest.Component == Component.Edge);
    }

    [Fact]
    public void Render_DrainedLocation_IsAskedByNobody()
    {
        var medium = StackCase.Of(Preset.Medium);
        var stack = (medium with { Spec = medium.Spec with { DayTwo = medium.Spec.DayTwo with { DrainedLocations = ["singapore"] } } }).Render();

        foreach (var asking in (string[])["edge-check", "prometheus-conf"])
        {
            var files = stack.Manifests.Single(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Name == asking).Object.ToJson();
            Assert.Contains("edge-jakarta", files, StringComparison.Ordinal);
            Assert.DoesNotContain("edge-singapore", files, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_Paused_AsksNobody()
    {
        var each = StackCase.Of(Preset.Small);
        var paused = each with { Spec = each.Spec with { DayTwo = each.Spec.DayTwo with { Paused = true } } };

        Assert.DoesNotContain(paused.Render().Manifests, manifest => manifest.Object.Kind == "Job" && manifest.Component == Component.Edge);
    }

    private static IEnumerable<string> Changed(RenderedStack before, RenderedStack after, params string[] kinds) =>
        from manifest in after.Manifests
        where kinds.Contains(manifest.Object.Kind)
        where before.Manifests.FirstOrDefault(old => old.Object.Ref == manifest.Object.Ref)?.Object.ToJson() != manifest.Object.ToJson()
        select manifest.Object.Name;

    private static string Bytes(RenderedStack stack) =>
        string.Join('\n', stack.Manifests.Select(manifest => $"{manifest.Component} {manifest.Early} {manifest.Object.ToJson()}").Concat(stack.Notes));
}
