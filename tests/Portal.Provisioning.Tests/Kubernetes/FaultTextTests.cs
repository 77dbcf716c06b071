using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>What a real API server says, word by word, and what it must be taken for.</summary>
public class FaultTextTests
{
    private const string Path = "/apis/apps/v1/namespaces/shop/deployments/web";
    private const string Invalid = "FieldValueInvalid";
    private const string Forbidden = "FieldValueForbidden";

    [Theory]
    [InlineData("Deployment selector", Invalid, "spec.selector", """Invalid value: {"matchLabels":{"app":"web"}}: field is immutable""")]
    [InlineData("StatefulSet", Forbidden, "spec", "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")]
    [InlineData("Service address", Invalid, "spec.clusterIPs[0]", """Invalid value: ["10.0.0.9"]: may not change once set""")]
    [InlineData("Service load balancer class", Invalid, "spec.loadBalancerClass", "Invalid value: \"other\": may not change once set")]
    [InlineData("Job template", Invalid, "spec.template", "Invalid value: core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:\"\"}}: field is immutable")]
    [InlineData("claim", Forbidden, "spec", "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n  core.PersistentVolumeClaimSpec{\n- StorageClassName: \"a\",\n")]
    [InlineData("RoleBinding", Invalid, "roleRef", "Invalid value: rbac.RoleRef{APIGroup:\"rbac.authorization.k8s.io\", Kind:\"Role\", Name:\"b\"}: cannot change roleRef")]
    [InlineData("PriorityClass value", Forbidden, "value", "Forbidden: may not be changed in an update.")]
    [InlineData("ConfigMap", Forbidden, "data", "Forbidden: field is immutable when `immutable` is set")]
    [InlineData("Secret type", Invalid, "type", "Invalid value: \"Opaque\": field is immutable")]
    [InlineData("StorageClass", Forbidden, "parameters", "Forbidden: updates to parameters are forbidden.")]
    [InlineData("Pod", Forbidden, "spec", "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`")]
    [InlineData("custom kind", Invalid, "spec.mode", "Invalid value: \"string\": Value is immutable")]
    public async Task Apply_FieldThatCannotChange_IsImmutable(string what, string reason, string field, string message) =>
        Assert.Equal((what, KubeFault.Immutable), (what, (await RefusedAsync(422, "Invalid", "is invalid", Cause(reason, field, message))).Fault));

    [Theory]
    [InlineData("a value that says so", Invalid, "spec.hostname", "Invalid value: \"field is immutable\": must be a lowercase RFC 1123 label")]
    [InlineData("a claim that shrinks", Forbidden, "spec.resources.requests.storage", "Forbidden: field can not be less than status.capacity")]
    [InlineData("a UID", Invalid, "metadata.uid", "Invalid value: \"x\": field is immutable")]
    [InlineData("an unknown reason", "FieldValueRequired", "spec.selector", "field is immutable")]
    [InlineData("no field", Invalid, "", "Invalid value: \"x\": field is immutable")]
    public async Task Apply_ComplaintThatOnlyLooksLikeIt_IsInvalid(string what, string reason, string field, string message) =>
        Assert.Equal((what, KubeFault.Invalid), (what, (await RefusedAsync(422, "Invalid", "field is immutable", Cause(reason, field, message))).Fault));

    [Theory]
    [InlineData(400, "BadRequest", """admission webhook "policy.example" denied the request: images must come from registry.example""")]
    [InlineData(403, "Forbidden", """admission webhook "validate.kyverno.svc-fail" denied the request: exceeded quota: none of your business""")]
    [InlineData(409, "Conflict", """admission webhook "x.example" denied the request without explanation""")]
    [InlineData(422, "Invalid", """deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'prod' denied request: at most 5 replicas""")]
    public async Task Apply_RefusedByAWebhookOrPolicy_IsWebhookDeniedInItsWords(int code, string reason, string message)
    {
        var fault = await RefusedAsync(code, reason, message);

        Assert.Equal((KubeFault.WebhookDenied, false), (fault.Fault, fault.IsTransient));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, """Internal error occurred: failed calling webhook "v.example": failed to call webhook: Post "https://v.ns.svc:443/?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused""", KubeFault.Unavailable)]
    [InlineData(500, """admission webhook "v.example" denied the request: cannot look it up now""", KubeFault.ServerError)]
    public async Task Apply_WebhookThatCannotDecide_PassesAndIsNotAskedFourTimes(int code, string message, KubeFault expected)
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Path, Answer(code, "InternalError", message));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.ApplyAsync(Web(), new ApplyOptions(), TestContext.Current.CancellationToken));

        Assert.Equal((expected, true), (fault.Fault, fault.IsTransient));
        Assert.Single(server.Of("PATCH " + Path));
    }

    [Fact]
    public async Task Apply_FieldsOfOthers_AreTypedWithManagerOperationVersionAndField()
    {
        const string message = "Apply failed with 4 conflicts: conflicts with \"argocd\":\n- .metadata.labels.team\nconflicts with \"kube-controller-manager\" with subresource \"scale\" using apps/v1:\n- .spec.replicas\n"
            + "conflicts with \"kubectl-edit\" using apps/v1 at 2026-01-05T09:00:00Z:\n- .spec.paused\n- .spec.template.spec.containers[name=\"web\"].image";
        var causes = new[]
        {
            Cause("FieldManagerConflict", ".metadata.labels.team", "conflict with \"argocd\""),
            Cause("FieldManagerConflict", ".spec.replicas", "conflict with \"kube-controller-manager\" with subresource \"scale\" using apps/v1"),
            Cause("FieldManagerConflict", ".spec.paused", "conflict with \"kubectl-edit\" using apps/v1 at 2026-01-05T09:00:00Z"),
            Cause("FieldManagerConflict", ".spec.template.spec.containers[name=\"web\"].image", "conflict with \"kubectl-edit\" using apps/v1 at 2026-01-05T09:00:00Z"),
        };
        FieldConflict[] expected =
        [
            new("argocd", "Apply", null, ".metadata.labels.team"),
            new("kube-controller-manager", "Update", "apps/v1", ".spec.replicas") { Subresource = "scale" },
            new("kubectl-edit", "Update", "apps/v1", ".spec.paused"),
            new("kubectl-edit", "Update", "apps/v1", ".spec.template.spec.containers[name=\"web\"].image"),
        ];

        var fault = await RefusedAsync(409, "Conflict", message, causes);
        var fromWords = await RefusedAsync(409, "Conflict", message);

        Assert.Equal(KubeFault.FieldManagerConflict, fault.Fault);
        Assert.Equal(expected, fault.Conflicts);
        Assert.Equal((KubeFault.FieldManagerConflict, true), (fromWords.Fault, fromWords.Conflicts.SequenceEqual(expected)));
    }

    [Theory]
    [InlineData("""Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas""", "kubectl-edit", "Update", "apps/v1")]
    [InlineData("""Apply failed with 1 conflict: conflict with "a \"b\"" with subresource "scale" using apps/v1 at 2026-01-05T09:00:00Z: .spec.replicas""", "a \"b\"", "Update", "apps/v1")]
    [InlineData("""Apply failed with 1 conflict: conflict with "argocd": .spec.replicas""", "argocd", "Apply", null)]
    public async Task Apply_OneFieldOfAnotherToldByTheMessageAlone_IsTyped(string message, string manager, string operation, string? version)
    {
        var conflict = Assert.Single((await RefusedAsync(409, "Conflict", message)).Conflicts);

        Assert.Equal((manager, operation, version, ".spec.replicas"), (conflict.Manager, conflict.Operation, conflict.ApiVersion, conflict.Field));
    }

    [Fact]
    public async Task Apply_ObjectChangedMeanwhile_IsAConflictWithoutFields()
    {
        var fault = await RefusedAsync(409, "Conflict", "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified");

        Assert.Equal(KubeFault.Conflict, fault.Fault);
        Assert.Empty(fault.Conflicts);
    }

    private static async Task<KubeException> RefusedAsync(int code, string reason, string message, params JsonObject[] causes)
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Path, Answer(code, reason, message, causes));
        using var client = server.Client();
        return await Assert.ThrowsAsync<KubeException>(() => client.ApplyAsync(Web(), new ApplyOptions(), TestContext.Current.CancellationToken));
    }

    private static JsonObject Cause(string reason, string field, string message) => new() { ["reason"] = reason, ["message"] = message, ["field"] = field };

    private static Microsoft.AspNetCore.Http.RequestDelegate Answer(int code, string reason, string message, params JsonObject[] causes) => Json(
        new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["code"] = code,
            ["reason"] = reason,
            ["message"] = message,
            ["details"] = new JsonObject { ["causes"] = new JsonArray([.. causes.Select(cause => cause.DeepClone())]) },
        }.ToJsonString(),
        code);

    private static KubeObject Web() => KubeObject.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}}""");
}
