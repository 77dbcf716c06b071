using System.Diagnostics;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Blueprint;

namespace Portal.Provisioning.Tests.Drift;

public sealed class DriftDetectorTests
{
    private const string Wanted = """
        kind: Service
        metadata: {name: gateway, labels: {tier: backend} }
        spec:
          selector: {app: gateway}
          ports: [{name: http, port: 80, targetPort: 8080}]
        """;

    private const string Live = """
        kind: Service
        metadata:
          name: gateway
          labels: {tier: backend, added: by-them}
          annotations: {added: by-them}
          managedFields:
          - {manager: portal, operation: Apply, time: "2026-01-01T00:00:00Z", fieldsV1: {"f:spec": {"f:selector": {} } } }
          - {manager: early-bird, operation: Update, time: "2026-01-02T00:00:00Z", fieldsV1: {"f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {"f:targetPort": {} } } } } }
          - {manager: kubectl-edit, operation: Update, time: "2026-01-03T00:00:00Z", fieldsV1: {"f:spec": {"f:selector": {}, "f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {"f:targetPort": {} } } } } }
        spec:
          clusterIP: 10.0.0.1
          selector: {app: gateway}
          ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}, {name: theirs, port: 81, targetPort: 81, protocol: TCP}]
        status: {loadBalancer: {} }
        """;

    [Fact]
    public void Detect_WhatOthersAdded_IsNoDrift() => Assert.Empty(Detect(Wanted, Live));

    [Fact]
    public void Detect_FieldThatAnotherManagerTook_NamesTheLatestOfThem()
    {
        var drift = Assert.Single(Detect(Wanted, Live.Replace("targetPort: 8080", "targetPort: 9090", StringComparison.Ordinal)));

        Assert.Equal(
            new FieldDrift("spec.ports[port=80].targetPort", "8080", "9090", new FieldOwner("kubectl-edit", "Update", new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero))),
            drift);
    }

    [Fact]
    public void Detect_FieldThatIsGone_HasNoOwner()
    {
        var drift = Assert.Single(Detect(Wanted, Live.Replace("tier: backend, ", "", StringComparison.Ordinal)));

        Assert.Equal(new FieldDrift("metadata.labels.tier", "backend", null, null), drift);
    }

    [Fact]
    public void Detect_AdditionInsideOfAnAtomicField_IsDriftAndOwnedAsAWhole()
    {
        var drift = Assert.Single(Detect(Wanted, Live.Replace("selector: {app: gateway}\n  ports: [{name: http, port: 80, targetPort: 8080, p", "selector: {app: gateway, canary: only}\n  ports: [{name: http, port: 80, targetPort: 8080, p", StringComparison.Ordinal)));

        Assert.Equal(("spec.selector.canary", null, "only", "kubectl-edit"), (drift.Path, drift.Wanted, drift.Actual, drift.Manager?.Name));
    }

    [Fact]
    public void Detect_RuleAddedToANetworkPolicy_IsDrift()
    {
        const string Policy = "kind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web} } }], ports: [{port: 80}] }] }";

        Assert.Empty(Detect(Policy, Policy.Replace("{port: 80}", "{port: 80, protocol: TCP}", StringComparison.Ordinal)));
        Assert.Equal(["spec.ingress[0].ports[port=22,protocol=TCP]"], Detect(Policy, Policy.Replace("{port: 80}", "{port: 80, protocol: TCP}, {port: 22, protocol: TCP}", StringComparison.Ordinal)).Select(drift => drift.Path));
        Assert.Equal(["spec.ingress[1]"], Detect(Policy, Policy.Replace("}] }] }", "}] }, {from: [{ipBlock: {cidr: 0.0.0.0/0} }] }] }", StringComparison.Ordinal)).Select(drift => drift.Path));
    }

    [Fact]
    public void Detect_FalseThatWasTakenAway_IsDrift() =>
        Assert.Single(Detect("kind: ServiceAccount\nautomountServiceAccountToken: false", "kind: ServiceAccount"));

    [Fact]
    public void Detect_CreateOnly_IsNeverDrift()
    {
        var manifest = new Manifest(Component.MySql, ManifestYaml.Read("kind: Secret\nmetadata: {name: a, labels: {x: y} }"), [new GeneratedValue.Password("password")]);

        Assert.Empty(DriftDetector.Detect(manifest, ManifestYaml.Read("kind: Secret\nmetadata: {name: a}\ndata: {password: eA==}")));
    }

    [Fact]
    public void Detect_EveryObjectOfEveryCaseAgainstItself_FindsNothing() => Assert.All(
        StackCase.All.SelectMany(each => each.Render().Manifests), manifest => Assert.Empty(DriftDetector.Detect(manifest, KubeObject.Parse(manifest.Object.ToJson()))));

    /// <summary>A look at every environment of a cluster of thousands has to be cheap; the bound is far above what is seen.</summary>
    [Fact]
    public void Detect_WholeStack_TakesMillisecondsAndAllocatesLittle()
    {
        var stack = StackCase.Of(Preset.Small).Render();
        var texts = stack.Manifests.Select(manifest => manifest.Object.ToJson()).ToList();
        Look(stack, [.. texts.Select(KubeObject.Parse)]);
        var live = texts.ConvertAll(KubeObject.Parse);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();

        Look(stack, live);
        var (first, firstBytes) = (Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
        before = GC.GetAllocatedBytesForCurrentThread();
        Look(stack, live);
        var againBytes = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper!.WriteLine($"{stack.Manifests.Count} objects: {first.TotalMilliseconds:0.0} ms, {firstBytes / 1024} KiB with what reading them takes, {againBytes / 1024} KiB without.");
        Assert.InRange(first, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(firstBytes, 0, 8 * 1024 * 1024);
    }

    private static void Look(RenderedStack stack, List<KubeObject> live)
    {
        for (var at = 0; at < live.Count; at++)
        {
            Assert.Empty(DriftDetector.Detect(stack.Manifests[at], live[at]));
        }
    }

    private static IReadOnlyList<FieldDrift> Detect(string wanted, string live) =>
        DriftDetector.Detect(new Manifest(Component.Gateway, ManifestYaml.Read(wanted)), ManifestYaml.Read(live));
}
