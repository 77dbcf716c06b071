using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>What a team sets of its services, in the pods and autoscalers that come of it.</summary>
public sealed class ServicesTests
{
    private static readonly ClusterCapabilities s_all = ClusterCapabilities.Basic with { HasVerticalPodAutoscaler = true, HasCustomMetrics = true };

    [Theory]
    [InlineData(true, true, "ContainerResource cpu 70, ContainerResource memory 80, Pods http_requests_per_second 1500", "")]
    [InlineData(true, false, "ContainerResource cpu 70, ContainerResource memory 80", "does not scale by http_requests_per_second")]
    [InlineData(false, true, "Pods http_requests_per_second 1500", "scales by http_requests_per_second alone")]
    [InlineData(false, false, null, "stays at 3 pods")]
    public void Autoscaler_OfEverySignal_UsesWhatTheClusterCanMeasure(bool metrics, bool custom, string? expected, string note)
    {
        var stack = Render(
            gateway => gateway with { ScaleMemoryPercent = 80, ScaleMetric = "http_requests_per_second", ScaleMetricTarget = 1500 },
            s_all with { HasMetricsApi = metrics, HasCustomMetrics = custom });

        var scaler = stack.Manifests.SingleOrDefault(manifest => manifest.Object.Ref is { Kind: "HorizontalPodAutoscaler", Name: "gateway" })?.Object;

        Assert.Equal(expected, scaler is null ? null : string.Join(", ", scaler.Items("spec", "metrics").Select(Metric)));
        Assert.Contains(stack.Notes.Append(""), each => each.Contains(note, StringComparison.Ordinal));
        Assert.Equal(scaler is null, Item(stack, "Deployment", "gateway").Number("spec", "replicas") is not null);
    }

    [Theory]
    [InlineData(true, true, "ContainerResource cpu 70, External kafka_consumergroup_lag consumergroup=consume 500", "")]
    [InlineData(true, false, "ContainerResource cpu 70", "consume does not scale by kafka_consumergroup_lag: the cluster serves no external metrics (external.metrics.k8s.io).")]
    [InlineData(false, true, "External kafka_consumergroup_lag consumergroup=consume 500", "consume scales by kafka_consumergroup_lag alone")]
    [InlineData(false, false, null, "consume stays at 2 pods")]
    public void Autoscaler_ByLag_AsksForTheGroupOfConsumeWhereTheClusterServesIt(bool metrics, bool external, string? expected, string note)
    {
        var stack = Lagging(MetricsProvider.Operator, s_all with { HasMetricsApi = metrics, HasExternalMetrics = external, HasPrometheusOperator = true });

        Assert.Equal(expected, Signals(stack));
        Assert.Contains(stack.Notes.Append(""), each => each.Contains(note, StringComparison.Ordinal));
        Assert.Contains("KAFKA_GROUP=consume", Variables(stack));
    }

    /// <summary>An autoscaler that waits for a metric does not shrink: it has none that nobody can bring.</summary>
    [Theory]
    [InlineData(MetricsProvider.Dedicated, null, "only the environment's own Prometheus has it")]
    [InlineData(MetricsProvider.Datadog, null, "Datadog gathers the metrics")]
    [InlineData(MetricsProvider.Dedicated, "https://metrics.shop.example/write", null)]
    public void Autoscaler_ByLagThatNobodyOutsideHas_DoesNotWaitForIt(MetricsProvider provider, string? remote, string? note)
    {
        var stack = Lagging(provider, s_all with { HasExternalMetrics = true }, remote, "KAFKA_GROUP=orders");

        Assert.Equal(note is null ? "ContainerResource cpu 70, External kafka_consumergroup_lag consumergroup=orders 500" : "ContainerResource cpu 70", Signals(stack));
        Assert.Equal(note is not null, stack.Notes.Any(each => each.Contains($"consume does not scale by kafka_consumergroup_lag: {note}", StringComparison.Ordinal)));
        Assert.Single(Variables(stack), "KAFKA_GROUP=orders");
    }

    [Fact]
    public void VerticalAutoscaler_Off_IsNotThere() =>
        Assert.DoesNotContain(Render(gateway => gateway with { Vertical = VerticalMode.Off }, s_all).Manifests, manifest => manifest.Object.Ref is { Kind: "VerticalPodAutoscaler", Name: "gateway" });

    [Fact]
    public void VerticalAutoscaler_Recommending_ChangesNothing()
    {
        var scaler = Item(Render(gateway => gateway with { Vertical = VerticalMode.Recommend }, s_all), "VerticalPodAutoscaler", "gateway");

        Assert.Equal("""{"updateMode":"Off"}""", scaler.At("spec", "updatePolicy")!.ToJsonString());
    }

    [Fact]
    public void VerticalAutoscaler_OfMemory_SetsMemoryAloneAndTheQuotaHasRoomForIt()
    {
        var before = Render(gateway => gateway with { Vertical = VerticalMode.Recommend }, s_all);
        var after = Render(gateway => gateway with { Vertical = VerticalMode.Memory }, s_all);
        var scaler = Item(after, "VerticalPodAutoscaler", "gateway");
        var policy = scaler.Items("spec", "resourcePolicy", "containerPolicies").First();

        Assert.Equal("""{"updateMode":"InPlaceOrRecreate","minReplicas":2}""", scaler.At("spec", "updatePolicy")!.ToJsonString());
        Assert.Equal("""["memory"]""", policy["controlledResources"]!.ToJsonString());
        Assert.Equal("512Mi", (string?)policy["maxAllowed"]!["memory"]);
        // 256 MiB more for each of 10 pods and the 3 of a rolling update.
        Assert.Equal(13 * 256, Memory(after) - Memory(before));
        Assert.Contains("While gateway runs 1 pod", string.Join('\n', Render(gateway => gateway with { Vertical = VerticalMode.Memory, Scale = new(1, 4) }, s_all).Notes), StringComparison.Ordinal);

        static long Memory(RenderedStack stack) => Quantity.Read(Item(stack, "ResourceQuota", "environment").Text("spec", "hard", "requests.memory")!);
    }

    [Fact]
    public void Pod_OfAService_HasItsVariablesSecretsProbesAndTimes()
    {
        var deployment = Item(StackCase.Named("unusual-basic").Render(), "Deployment", "gateway");
        var pod = new KubeObject((JsonObject)deployment.At("spec", "template")!);
        var container = new KubeObject(pod.Items("spec", "containers").Single());

        Assert.Equal(["LOG_LEVEL=info", "POD_NAME=mine"], container.Items("env").Select(variable => $"{variable["name"]}={variable["value"]}"));
        Assert.Equal(
            ["/run/secrets/gateway-keys gateway-keys 288", "/run/secrets/partner.example partner.example 288"],
            from mount in container.Items("volumeMounts")
            from volume in pod.Items("spec", "volumes")
            where (string?)mount["name"] == (string?)volume["name"] && volume["secret"] is not null
            select $"{mount["mountPath"]} {volume["secret"]!["secretName"]} {volume["secret"]!["defaultMode"]}");
        Assert.Equal(("/alive", 300L), (container.Text("startupProbe", "httpGet", "path"), container.Number("startupProbe", "failureThreshold")));
        Assert.Equal(("/alive", "/ready/now"), (container.Text("livenessProbe", "httpGet", "path"), container.Text("readinessProbe", "httpGet", "path")));
        Assert.Equal((10L, 100L), (container.Number("lifecycle", "preStop", "sleep", "seconds"), pod.Number("spec", "terminationGracePeriodSeconds")));
        Assert.Equal((5L, 780L), (deployment.Number("spec", "minReadySeconds"), deployment.Number("spec", "progressDeadlineSeconds")));
    }

    [Fact]
    public void Frontend_WithVariables_GivesThemToTheBrowserAsAScriptThatCannotBeBrokenOutOf()
    {
        var stack = StackCase.Named("unusual-basic").Render();

        Assert.Equal(
            """window.ENV = {"API_URL":"https://a.example/api?x=1\u0026y=\u0022\u003C/script\u003E\u0022","EMPTY":""};""" + "\n",
            RoutingTests.Config(stack, "frontend-env", "env.js"));
        Assert.Contains("location = /env.js { root /etc/nginx/env;", RoutingTests.Config(stack, "frontend-conf", "nginx.conf"), StringComparison.Ordinal);
        Assert.Equal("/up", new KubeObject(new KubeObject((JsonObject)Item(stack, "Deployment", "frontend").At("spec", "template")!).Items("spec", "containers").First()).Text("livenessProbe", "httpGet", "path"));
    }

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1000, "1k")]
    [InlineData(1500, "1500")]
    [InlineData(2_000_000, "2M")]
    [InlineData(3_000_000_000, "3G")]
    public void Count_OfANumber_IsAsTheClusterWritesItBack(long amount, string expected) => Assert.Equal(expected, Quantity.Count(amount));

    private static RenderedStack Render(Func<ServiceSpec, ServiceSpec> change, ClusterCapabilities capabilities)
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example");
        return StackBlueprint.Render(spec with { Gateway = change(spec.Gateway) }, StackCase.Identity, capabilities);
    }

    private static RenderedStack Lagging(MetricsProvider provider, ClusterCapabilities capabilities, string? remote = null, params string[] variables)
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example");
        return StackBlueprint.Render(
            spec with
            {
                Consume = spec.Consume with { ScaleLag = 500, Env = variables },
                Metrics = spec.Metrics with { Provider = provider, RemoteWriteUrl = remote, DatadogAgent = provider == MetricsProvider.Datadog ? "agent.example:8125" : null },
            },
            StackCase.Identity, capabilities);
    }

    private static string? Signals(RenderedStack stack) =>
        stack.Manifests.SingleOrDefault(manifest => manifest.Object.Ref is { Kind: "HorizontalPodAutoscaler", Name: "consume" })?.Object is { } scaler ? string.Join(", ", scaler.Items("spec", "metrics").Select(Metric)) : null;

    private static List<string> Variables(RenderedStack stack) =>
        [.. new KubeObject(new KubeObject((JsonObject)Item(stack, "Deployment", "consume").At("spec", "template")!).Items("spec", "containers").Single()).Items("env").Select(variable => $"{variable["name"]}={variable["value"]}")];

    private static KubeObject Item(RenderedStack stack, string kind, string name) => stack.Manifests.Single(manifest => manifest.Object.Kind == kind && manifest.Object.Name == name).Object;

    private static string Metric(JsonObject metric) => (string?)metric["type"] switch
    {
        "Pods" => $"Pods {metric["pods"]!["metric"]!["name"]} {metric["pods"]!["target"]!["averageValue"]}",
        "External" => $"External {metric["external"]!["metric"]!["name"]} {string.Join(',', metric["external"]!["metric"]!["selector"]!["matchLabels"]!.AsObject().Select(label => $"{label.Key}={label.Value}"))} {metric["external"]!["target"]!["averageValue"]}",
        var type => $"{type} {metric["containerResource"]!["name"]} {metric["containerResource"]!["target"]!["averageUtilization"]}",
    };
}
