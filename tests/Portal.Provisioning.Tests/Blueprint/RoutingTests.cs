using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Routes, wherever they are written: nginx, an Ingress, an HTTPRoute, and who may speak to whom.</summary>
public sealed class RoutingTests
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

        Assert.Equal(["/api/v1.0 publish", "/api gateway", "/ frontend"], ((JsonArray)ingress.Items("spec", "rules").Single()["http"]!["paths"]!)
            .Select(path => $"{path!["path"]} {path["backend"]!["service"]!["name"]}"));
        Assert.Null(ingress.At("metadata", "annotations"));
        Assert.Equal(stack.Manifests.Where(manifest => manifest.Component == Component.Edge && manifest.Object.Kind == "Secret").Select(manifest => manifest.Object.Name).Order().Last(), (string?)ingress.Items("spec", "tls").Single()["secretName"]);
        Assert.Contains(stack.Notes, note => note.StartsWith("Routes that name a header are left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Hosts_OfASpecWithMany_AreInTheIngressAndInRoutesOfSixteen()
    {
        string[] hosts = ["shop.apps.example", .. Enumerable.Range(1, 20).Select(number => $"h{number}.example")];
        var ingress = Of("unusual-basic").Single(item => item.Kind == "Ingress");
        var gateway = Of("unusual-gateway");
        var routes = gateway.Where(IsRoute).ToList();
        var listeners = gateway.Single(item => item.Kind == "Gateway").Items("spec", "listeners").ToList();

        Assert.Equal(hosts, ingress.Items("spec", "rules").Select(rule => (string)rule["host"]!));
        Assert.Equal(hosts, ingress.Items("spec", "tls").SelectMany(tls => (JsonArray)tls["hosts"]!).Select(host => (string)host!));
        Assert.Equal(hosts.Prepend(null), listeners.Select(listener => (string?)listener["hostname"]));
        Assert.Equal(listeners.Skip(1).Select(listener => (string)listener["name"]!), routes.SelectMany(route => route.Items("spec", "parentRefs")).Select(parent => (string)parent["sectionName"]!));
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
        var gateway = stack.Manifests.Single(manifest => manifest.Object.Kind == "Gateway").Object;
        var route = stack.Manifests.Single(manifest => IsRoute(manifest.Object)).Object;

        Assert.Equal("shared", gateway.Text("spec", "gatewayClassName"));
        Assert.Equal(["80 ", "443 a.example"], gateway.Items("spec", "listeners").Select(listener => $"{listener["port"]} {listener["hostname"]}"));
        Assert.Equal(gateway.Name, (string?)route.Items("spec", "parentRefs").Single()["name"]);
        Assert.Equal(
            [
                "gateway: /media/upload x-canary=always.on, /api , / x-tenant=blue",
                "publish: /api/v1.0 , /api x-canary=always.on",
                "frontend: / ",
            ],
            route.Items("spec", "rules").Select(rule => $"{rule["backendRefs"]![0]!["name"]}: {string.Join(", ", ((JsonArray)rule["matches"]!).Select(Match))}"));
    }

    [Fact]
    public void Gateway_AskedWithoutTls_SendsToTheSameAddressWithIt()
    {
        var items = Stack("unusual-gateway").Manifests.Select(manifest => manifest.Object).ToList();
        var redirect = items.Single(item => item.Kind == "HTTPRoute" && !IsRoute(item));
        var secure = items.Single(item => item.Kind == "Gateway").Items("spec", "listeners").Single(listener => (string?)listener["protocol"] == "HTTPS");

        Assert.Equal("http", (string?)redirect.Items("spec", "parentRefs").Single()["sectionName"]);
        Assert.Equal("https", (string?)redirect.Items("spec", "rules").Single()["filters"]![0]!["requestRedirect"]!["scheme"]);
        Assert.Contains(items, item => item.Kind == "Secret" && item.Name == (string?)secure["tls"]!["certificateRefs"]![0]!["name"]);
    }

    [Fact]
    public void HttpRoute_OfAHundredRoutes_StaysWithinWhatTheApiTakes()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
        var routes = Enumerable.Range(0, 99).Select(i => new RouteSpec($"/path{i}", Enum.GetValues<RoutedService>()[i % 4])).Append(new("/", RoutedService.Frontend));
        var stack = Render(spec with { Ingress = spec.Ingress with { Mode = IngressMode.Gateway }, LoadBalancer = spec.LoadBalancer with { Routes = [.. routes] } }, gateways: ["shared"]);

        var rules = stack.Manifests.Single(manifest => IsRoute(manifest.Object)).Object.Items("spec", "rules").ToList();

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

    [Theory]
    [InlineData(IngressMode.IngressClass, null, "inner outer", "outer", "Ingress outer", "")]
    [InlineData(IngressMode.IngressClass, null, "inner outer", null, "Ingress inner", "first of several, inner, outer")]
    [InlineData(IngressMode.IngressClass, "inner", "inner outer", "outer", "Ingress inner", "")]
    [InlineData(IngressMode.IngressClass, "none", "inner outer", "outer", "Deployment", "no ingress class \"none\"")]
    [InlineData(IngressMode.Gateway, null, "shared", null, "Gateway shared", "")]
    [InlineData(IngressMode.Gateway, "other", "shared", null, "Deployment", "no gateway class \"other\"")]
    [InlineData(IngressMode.Gateway, null, "", null, "Deployment", "no gateway class.")]
    [InlineData(IngressMode.Gateway, null, null, null, "Deployment", "no Gateway API")]
    public void Ingress_OfAClass_IsWhatTheClusterCanGive(IngressMode mode, string? wanted, string? classes, string? standard, string expected, string note)
    {
        var spec = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
        var list = classes?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var stack = Render(
            spec with { Ingress = spec.Ingress with { Mode = mode, ClassName = wanted } },
            ingresses: mode == IngressMode.IngressClass ? list : null, standard, gateways: mode == IngressMode.Gateway ? list : null);

        var items = stack.Manifests.Where(manifest => manifest.Component == Component.Ingress).Select(manifest => manifest.Object).ToList();

        Assert.Contains(expected, items.Select(item => $"{item.Kind} {item.Text("spec", "ingressClassName") ?? item.Text("spec", "gatewayClassName")}".TrimEnd()));
        Assert.Equal(note.Length > 0, stack.Notes.Any(each => each.Contains("own ingress tier", StringComparison.Ordinal) || each.Contains("first of several", StringComparison.Ordinal)));
        Assert.Contains(stack.Notes.Append(""), each => each.Contains(note, StringComparison.Ordinal));
    }

    /// <summary>One that leads to services, and not from plain HTTP to TLS.</summary>
    private static bool IsRoute(KubeObject item) => item.Kind == "HTTPRoute" && item.Items("spec", "rules").All(rule => rule["backendRefs"] is not null);

    private static RenderedStack Render(EnvironmentSpec spec, string[]? ingresses = null, string? standard = null, string[]? gateways = null) => StackBlueprint.Render(
        spec, StackCase.Identity,
        ClusterCapabilities.Basic with { IngressClasses = ingresses ?? [], DefaultIngressClass = standard, HasGatewayApi = gateways is not null, GatewayClasses = gateways ?? [] });

    private static RenderedStack Stack(string name) => StackCase.Named(name).Render();

    internal static string Config(RenderedStack stack, string configMap, string key) =>
        stack.Manifests.Single(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Name == configMap).Object.Text("data", key)!;

    private static IEnumerable<string> Between(string text, string begin, string end)
    {
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[start..text.IndexOf($"\n    {end}", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Replace("\"", "", StringComparison.Ordinal));
    }

    private static string Match(JsonNode? match) =>
        $"{match!["path"]!["value"]} {(match["headers"]?[0] is { } header ? $"{header["name"]}={header["value"]}" : "")}";
}
