using Portal.Core.Plans;
using Portal.Provisioning.Drift;

namespace Portal.Provisioning.Tests.Drift;

public sealed class FieldDifferencesTests
{
    private const string Deployment = """
        kind: Deployment
        metadata: {name: gateway, labels: {app.kubernetes.io/name: gateway} }
        spec:
          replicas: 2
          template:
            spec:
              containers:
              - name: gateway
                image: gateway:1
                ports: [{containerPort: 8080, protocol: TCP}]
                resources: {requests: {cpu: 1000m, memory: 1024Mi} }
                args: [a, b]
              - {name: sidecar, image: "sidecar:1"}
        """;

    [Theory]
    [InlineData("gateway:1", "gateway:2", "spec.template.spec.containers[name=gateway].image", "gateway:1", "gateway:2")]
    [InlineData("sidecar:1", "sidecar:2", "spec.template.spec.containers[name=sidecar].image", "sidecar:1", "sidecar:2")]
    [InlineData("replicas: 2", "replicas: 3", "spec.replicas", "2", "3")]
    [InlineData("[a, b]", "[a, c]", "spec.template.spec.containers[name=gateway].args[1]", "b", "c")]
    [InlineData("[a, b]", "[a, b, c]", "spec.template.spec.containers[name=gateway].args[2]", null, "c")]
    [InlineData("1000m", "2", "spec.template.spec.containers[name=gateway].resources.requests.cpu", "1000m", "2")]
    [InlineData("name: gateway}", "name: other}", "metadata.labels[app.kubernetes.io/name]", "gateway", "other")]
    [InlineData("containerPort: 8080, protocol: TCP", "containerPort: 8080, protocol: TCP, name: http", "spec.template.spec.containers[name=gateway].ports[containerPort=8080,protocol=TCP].name", null, "http")]
    public void Between_OneFieldChanged_TellsItsPathAndBothValues(string from, string to, string path, string? before, string? after)
    {
        var changed = Deployment.Replace(from, to, StringComparison.Ordinal);

        Assert.Equal([new FieldChange(path, before, after)], Between(Deployment, changed));
        Assert.Equal([new FieldChange(path, after, before)], Between(changed, Deployment));
    }

    [Theory]
    [InlineData("1000m", "1")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("containerPort: 8080, protocol: TCP", "containerPort: 8080")]
    [InlineData("args: [a, b]", "args: [a, b]\n        env: []")]
    [InlineData("name: gateway, labels:", "name: gateway, uid: x, resourceVersion: \"7\", generation: 4, creationTimestamp: now, managedFields: [{manager: x}], annotations: {portal/manifest-hash: abc}, labels:")]
    [InlineData("spec:\n  replicas", "status: {readyReplicas: 2}\nspec:\n  replicas")]
    public void Between_SameThingSpelledOtherwise_TellsNothing(string from, string to)
    {
        var changed = Deployment.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Deployment, changed);
        changed = changed.Replace("containerPort: 8080}", "containerPort: 8080, protocol: TCP}", StringComparison.Ordinal);

        Assert.Empty(Between(Deployment, changed));
        Assert.Empty(Between(changed, Deployment));
    }

    [Fact]
    public void Between_ContainerAddedInFront_TellsItAloneAndMovesNothing()
    {
        var changed = Deployment.Replace("containers:\n", "containers:\n      - {name: first, image: \"first:1\"}\n", StringComparison.Ordinal);

        Assert.Equal([new FieldChange("spec.template.spec.containers[name=first]", null, """{"name":"first","image":"first:1"}""")], Between(Deployment, changed));
    }

    [Fact]
    public void Between_QuantityInConfiguration_IsText()
    {
        Assert.Equal(
            [new FieldChange("data.storage", "1Gi", "1024Mi")],
            Between("kind: ConfigMap\ndata: {storage: 1Gi}", "kind: ConfigMap\ndata: {storage: 1024Mi}"));
    }

    [Fact]
    public void Between_NothingBefore_TellsEachTopFieldAsNew()
    {
        var changes = FieldDifferences.Between(null, ManifestYaml.Read(Deployment));

        Assert.All(changes, change => Assert.Null(change.Before));
        Assert.Contains(changes, change => change.Path == "spec");
        Assert.Equal(changes.OrderBy(change => change.Path, StringComparer.Ordinal), changes);
    }

    [Fact]
    public void Between_Secret_NeverShowsAValueWhateverTheKeyIsCalled()
    {
        const string Before = "kind: Secret\ntype: Opaque\ndata: {greeting: b2xk, gone: Z29uZQ==, same: c2FtZQ==}\nstringData: {motto: plain-old}";
        const string After = "kind: Secret\ntype: Other\ndata: {greeting: bmV3, came: Y2FtZQ==, same: c2FtZQ==}\nstringData: {motto: plain-new}";

        Assert.Equal(
            [
                new FieldChange("data.came", null, "*** (added)"),
                new FieldChange("data.gone", "*** (removed)", null),
                new FieldChange("data.greeting", "***", "*** (changed)"),
                new FieldChange("stringData.motto", "***", "*** (changed)"),
                new FieldChange("type", "Opaque", "Other"),
            ],
            Between(Before, After));
        Assert.Equal(["data.gone", "data.greeting", "data.same"], Between("kind: Secret\ntype: Opaque\nstringData: {motto: plain-old}", Before).Select(change => change.Path));
        Assert.DoesNotContain("b2xk", string.Concat(FieldDifferences.Between(null, ManifestYaml.Read(Before))), StringComparison.Ordinal);
    }

    [Fact]
    public void Between_LastAppliedOfKubectl_IsMasked()
    {
        const string Map = "kind: ConfigMap\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: VALUE} }";

        var change = Assert.Single(Between(Map.Replace("VALUE", "one", StringComparison.Ordinal), Map.Replace("VALUE", "two", StringComparison.Ordinal)));

        Assert.Equal(("***", "*** (changed)"), (change.Before, change.After));
    }

    private static IReadOnlyList<FieldChange> Between(string before, string after) =>
        FieldDifferences.Between(ManifestYaml.Read(before), ManifestYaml.Read(after));
}
