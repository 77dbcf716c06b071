using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Routes, wherever they are written: nginx, an Ingress, an HTTPRoute, and who may speak to whom.</summary>
public sealed partial class RoutingTests
{
    [Theory]
    [InlineData("load-balancer-conf")]
    [InlineData("ingress-conf")]
    public void Nginx_OfUnusualRoutes_TriesTheLongestPathAndThoseWithAHeaderFirst(string configMap)
    {
        var text = Config(Stack("unusual-bare"), configMap, "nginx.conf");

        Assert.Contains("""map "$http_x_canary\n$http_x_tenant\n$uri" $pool {""", text, StringComparison.Ordinal);
        Assert.Equal(
            [
                @"~^always\.on\n[^\n]*\n/media/upload(/|\z) gateway;",
                @"~^[^\n]*\n[^\n]*\n/api/v1\.0(/|\z) publish;",
                @"~^always\.on\n[^\n]*\n/api(/|\z) publish;",
                @"~^[^\n]*\n[^\n]*\n/api(/|\z) gateway;",
                @"~^[^\n]*\nblue\n/ gateway;",
                "default frontend;",
            ],
            Between(text, "$pool {", "}"));
    }

    [Fact]
    public void Nginx_WithoutHeaders_LooksAtThePathAlone() => Assert.Equal(
        [@"~^/consume(/|\z) consume;", @"~^/publish(/|\z) publish;", @"~^/api(/|\z) gateway;", "default frontend;"],
        Between(Config(Stack("Medium-Production-basic"), "load-balancer-conf", "nginx.conf"), "map $uri $pool {", "}"));

    [Fact]
    public void Ingress_OfRoutesWithHeaders_HasThePathsAloneAndSaysSo()
    {
        var stack = Stack("unusual-basic");
        var ingress = stack.Manifests.Single(manifest => manifest.Object.Kind == "Ingress").Object;

        Assert.Equal("nginx", ingress.Text("spec", "ingressClassName"));
        Assert.Equal(["/api/v1.0 publish", "/api gateway", "/ frontend"], ((JsonArray)ingress.Items("spec", "rules").Single()["http"]!["paths"]!)
            .Select(path => $"{path!["path"]} {path["backend"]!["service"]!["name"]}"));
        Assert.Null(ingress.At("metadata", "annotations"));
        // TLS ends at the edges and at the load balancer.
        Assert.Null(ingress.At("spec", "tls"));
        Assert.Contains(stack.Notes, note => note.StartsWith("Requests that a route finds by a header go from the load balancer straight", StringComparison.Ordinal));
    }

    [Fact]
    public void LoadBalancer_WithAnIngress_SendsToTheControllerAndOnlyWhatAHeaderRoutesToAService()
    {
        var text = Config(Stack("unusual-basic"), "load-balancer-conf", "nginx.conf");

        Assert.Equal(
            [
                @"~^always\.on\n[^\n]*\n/media/upload(/|\z) gateway-direct;",
                @"~^[^\n]*\n[^\n]*\n/api/v1\.0(/|\z) publish;",
                @"~^always\.on\n[^\n]*\n/api(/|\z) publish-direct;",
                @"~^[^\n]*\n[^\n]*\n/api(/|\z) gateway;",
                @"~^[^\n]*\nblue\n/ gateway-direct;",
                "default frontend;",
            ],
            Between(text, "$pool {", "}"));
        Assert.Equal(
            [
                "frontend controller.ingress-system.svc:80", "gateway controller.ingress-system.svc:80", "publish controller.ingress-system.svc:80",
                "gateway-direct gateway:8080", "publish-direct publish:8080",
            ],
            Upstreams(text));
    }

    [Fact]
    public void LoadBalancer_WithAGateway_SendsEverythingToTheController() => Assert.Equal(
        ["frontend proxies.gateway-system.svc:8080", "gateway proxies.gateway-system.svc:8080", "publish proxies.gateway-system.svc:8080"],
        Upstreams(Config(Stack("unusual-gateway"), "load-balancer-conf", "nginx.conf")));

    [Theory]
    [InlineData("unusual-basic", "ingress-system/controller", "controller.ingress-system.svc")]
    [InlineData("unusual-gateway", "gateway-system/proxies", "proxies.gateway-system.svc")]
    public void LoadBalancer_BeforeAControllerThatIsNotThere_SaysWhichService(string name, string service, string host)
    {
        var pod = Stack(name).Manifests.Single(manifest => manifest.Object is { Kind: "Deployment", Name: "load-balancer" }).Object.Items("spec", "template", "spec", "initContainers").Single();
        var script = (string)pod["command"]![2]!;

        Assert.StartsWith($"getent hosts {host} ", script, StringComparison.Ordinal);
        Assert.Contains($"The Service {service} of the shared controller", script, StringComparison.Ordinal);
        Assert.EndsWith("nginx -t", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_OfASpecWithMany_AreInTheIngressAndInRoutesOfSixteen()
    {
        string[] hosts = ["shop.apps.example", .. Enumerable.Range(1, 20).Select(number => $"h{number}.example")];
        var ingress = Of("unusual-basic").Single(item => item.Kind == "Ingress");
        var routes = Of("unusual-gateway").Where(item => item.Kind == "HTTPRoute").ToList();

        Assert.Equal(hosts, ingress.Items("spec", "rules").Select(rule => (string)rule["host"]!));
        Assert.Equal([16, 5], routes.Select(route => ((JsonArray)route.At("spec", "hostnames")!).Count));
        Assert.Equal(hosts, routes.SelectMany(route => (JsonArray)route.At("spec", "hostnames")!).Select(host => (string)host!));
        Assert.Equal(2, routes.Select(route => route.Name).Distinct().Count());

        List<KubeObject> Of(string name) => StackCase.Named(name) is var unusual
            ? [.. (unusual with { Spec = unusual.Spec with { HostName = hosts[0], Edge = unusual.Spec.Edge with { OtherHostNames = hosts[1..] } } }).Render().Manifests.Select(manifest => manifest.Object)]
            : [];
    }

    [Fact]
    public void HttpRoute_OfRoutesWithHeaders_MatchesThem()
    {
        var stack = Stack("unusual-gateway");
        var route = stack.Manifests.Single(manifest => manifest.Object.Kind == "HTTPRoute").Object;

        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Kind == "Gateway");
        Assert.Equal("""[{"group":"gateway.networking.k8s.io","kind":"Gateway","namespace":"gateway-system","name":"public"}]""", route.At("spec", "parentRefs")!.ToJsonString());
        Assert.Equal(
            [
                "gateway: /media/upload x-canary=always.on, /api , / x-tenant=blue",
                "publish: /api/v1.0 , /api x-canary=always.on",
                "frontend: / ",
            ],
            route.Items("spec", "rules").Select(rule => $"{rule["backendRefs"]![0]!["name"]}: {string.Join(", ", ((JsonArray)rule["matches"]!).Select(Match))}"));
    }

    [Fact]
    public void HttpRoute_OfAHundredRoutes_StaysWithinWhatTheApiTakes()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
        var routes = Enumerable.Range(0, 99).Select(i => new RouteSpec($"/path{i}", Enum.GetValues<RoutedService>()[i % 4])).Append(new("/", RoutedService.Frontend));
        var stack = Render(spec with { Ingress = spec.Ingress with { Mode = IngressMode.Gateway }, LoadBalancer = spec.LoadBalancer with { Routes = [.. routes] } }, gateways: ["shared"]);

        var rules = stack.Manifests.Single(manifest => manifest.Object.Kind == "HTTPRoute").Object.Items("spec", "rules").ToList();

        Assert.InRange(rules.Count, 1, 16);
        Assert.All(rules, rule => Assert.InRange(((JsonArray)rule["matches"]!).Count, 1, 8));
        Assert.Equal(100, rules.Sum(rule => ((JsonArray)rule["matches"]!).Count));
    }

    [Fact]
    public void Flows_ToServices_ComeAlongRoutesAlone()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
        var stack = Render(spec with { LoadBalancer = spec.LoadBalancer with { Routes = [new("/", RoutedService.Frontend), new("/api", RoutedService.Gateway)] } });

        Assert.Equal([Component.Frontend, Component.Gateway], stack.Graph.Flows.Where(flow => flow.From == Component.Ingress).Select(flow => flow.To!.Value));
        Assert.DoesNotContain("upstream publish", Config(stack, "ingress-conf", "nginx.conf"), StringComparison.Ordinal);
    }

    private static RenderedStack Render(EnvironmentSpec spec, string[]? gateways = null) => StackBlueprint.Render(
        spec, StackCase.Identity, ClusterCapabilities.Basic with { HasGatewayApi = gateways is not null, GatewayClasses = gateways ?? [] }, new() { IngressControllers = StackCase.Controllers });

    private static RenderedStack Stack(string name) => StackCase.Named(name).Render();

    internal static string Config(RenderedStack stack, string configMap, string key) =>
        stack.Manifests.Single(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Name == configMap).Object.Text("data", key)!;

    private static IEnumerable<string> Between(string text, string begin, string end)
    {
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[start..text.IndexOf($"\n    {end}", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Replace("\"", "", StringComparison.Ordinal));
    }

    /// <summary>Each upstream and the one server that it has twice.</summary>
    private static IEnumerable<string> Upstreams(string text) =>
        UpstreamLine().Matches(text).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}");

    [GeneratedRegex(@"upstream (\S+) \{ zone \1 64k; server (\S+) max_fails=0; server \2 max_fails=0; keepalive 32;( keepalive_timeout 30s;)? \}")]
    private static partial Regex UpstreamLine();

    private static string Match(JsonNode? match) =>
        $"{match!["path"]!["value"]} {(match["headers"]?[0] is { } header ? $"{header["name"]}={header["value"]}" : "")}";
}
