using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Kubernetes;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>What a server makes of a stack is no drift; what somebody makes of it is.</summary>
public class DriftConformanceTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly KubeClient _client = cluster.Client;
    private readonly StackApplier _applier = new(new CredentialFactory(TimeProvider.System));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Preset.Small, Purpose.Development)]
    [InlineData(Preset.Medium, Purpose.Staging)]
    [InlineData(Preset.Large, Purpose.Production)]
    public async Task Detect_StackAsItWasApplied_FindsNothing(Preset preset, Purpose purpose)
    {
        var (identity, stack) = await ApplyAsync(Presets.Create(preset, purpose, "shop.apps.example"));

        var live = await ReadAsync(identity, stack);

        Assert.Empty(stack.Manifests.SelectMany(manifest => DriftDetector.Detect(manifest, live.Find(manifest.Object.Ref)!).Select(drift => $"{manifest.Object} {drift}")));
        await RemoveAsync(stack);
    }

    [Fact]
    public async Task Detect_FieldsThatSomebodyChanged_AreThoseAloneWithTheirManager()
    {
        var (identity, stack) = await ApplyAsync(Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example"));
        var deployment = stack.Manifests.Single(manifest => manifest.Object is { Kind: "Deployment", Name: "gateway" });
        var container = deployment.Object.Items("spec", "template", "spec", "containers").First()["name"]!.GetValue<string>();
        await EditAsync(deployment, new JsonObject
        {
            ["replicas"] = 3,
            ["template"] = JsonNode.Parse("""{"spec":{"containers":[{"name":"CONTAINER","image":"registry.k8s.io/pause:3.10"},{"name":"injected","image":"registry.k8s.io/pause:3.10"}]}}""".Replace("CONTAINER", container, StringComparison.Ordinal)),
        });
        var binding = stack.Manifests.First(manifest => manifest.Object.Kind == "RoleBinding");
        var subjects = binding.Object.At("subjects")!.DeepClone().AsArray();
        subjects.Add(JsonNode.Parse("""{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory"}"""));
        await _client.ApplyAsync(Edit(binding.Object, "subjects", subjects, roleRef: binding.Object.At("roleRef")), new ApplyOptions { FieldManager = "kubectl-edit", Force = true }, Ct);

        var live = await ReadAsync(identity, stack);
        var drift = stack.Manifests.SelectMany(manifest => DriftDetector.Detect(manifest, live.Find(manifest.Object.Ref)!)).ToList();

        var image = Assert.Single(drift, found => found.Path.EndsWith(".image", StringComparison.Ordinal));
        Assert.Equal($"spec.template.spec.containers[name={container}].image", image.Path);
        Assert.Equal(("registry.k8s.io/pause:3.10", "kubectl-edit", "Apply"), (image.Actual, image.Manager!.Name, image.Manager.Operation));
        Assert.NotNull(image.Manager.At);
        var subject = Assert.Single(drift, found => found.Path.StartsWith("subjects[", StringComparison.Ordinal));
        Assert.Contains("mallory", subject.Actual, StringComparison.Ordinal);
        Assert.Equal("kubectl-edit", subject.Manager!.Name);
        var replicas = deployment.Object.Number("spec", "replicas") is null ? 0 : 1;
        Assert.Equal(2 + replicas, drift.Count);

        // It is what the next apply repairs, all of it.
        foreach (var manifest in new[] { deployment, binding })
        {
            await _client.ApplyAsync(ManifestHash.Stamp(manifest.Object), new ApplyOptions { Force = true }, Ct);
        }

        live = await ReadAsync(identity, stack);
        Assert.Empty(stack.Manifests.SelectMany(manifest => DriftDetector.Detect(manifest, live.Find(manifest.Object.Ref)!)));
        Assert.Contains("injected", live.Find(deployment.Object.Ref)!.ToJson(), StringComparison.Ordinal);
        await RemoveAsync(stack);
    }

    private Task<KubeObject> EditAsync(Manifest manifest, JsonObject spec) =>
        _client.ApplyAsync(Edit(manifest.Object, "spec", spec, roleRef: null), new ApplyOptions { FieldManager = "kubectl-edit", Force = true }, Ct);

    private static KubeObject Edit(KubeObject manifest, string field, JsonNode value, JsonNode? roleRef)
    {
        var root = new JsonObject
        {
            ["apiVersion"] = manifest.ApiVersion,
            ["kind"] = manifest.Kind,
            ["metadata"] = new JsonObject { ["name"] = manifest.Name, ["namespace"] = manifest.Namespace, ["annotations"] = new JsonObject { ["them"] = "x" } },
            [field] = value,
        };
        if (roleRef is not null)
        {
            root["roleRef"] = roleRef.DeepClone();
        }

        return new(root);
    }

    private async Task<(StackIdentity Identity, RenderedStack Stack)> ApplyAsync(EnvironmentSpec spec)
    {
        var name = cluster.UnusedName();
        var identity = new StackIdentity(EnvironmentId.New(TimeProvider.System), "payments", name, name, 1);
        var stack = StackBlueprint.Render(spec, identity, await _client.CapabilitiesAsync(Ct));
        await _applier.ApplyAsync(_client, await ReadAsync(identity, stack), stack.Manifests, OwnershipRules.TakeOver, Ct);
        return (identity, stack);
    }

    private Task<LiveStack> ReadAsync(StackIdentity identity, RenderedStack stack) =>
        LiveStack.ReadAsync(_client, identity.Id, identity.Namespace, stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), Ct);

    private async Task RemoveAsync(RenderedStack stack)
    {
        foreach (var manifest in stack.Manifests.Where(manifest => manifest.Object.Namespace is null))
        {
            await _client.DeleteAsync(manifest.Object.Ref, new DeleteOptions(), Ct);
        }
    }
}
