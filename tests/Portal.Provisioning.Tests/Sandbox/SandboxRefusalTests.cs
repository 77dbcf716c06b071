using System.Net;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class SandboxRefusalTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";
    private const string Deployments = "apis/apps/v1/namespaces/shop/deployments";

    [Theory]
    [InlineData(Maps, """{"metadata":{"name":"Not_A_Name"}}""", "FieldValueInvalid metadata.name")]
    [InlineData(Deployments, """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":[{"name":"a","image":"b"}]}}}}""", "FieldValueRequired spec.selector")]
    [InlineData(Deployments, """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}""", "FieldValueInvalid spec.template.metadata.labels")]
    [InlineData(Deployments, """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a"}]}}}}""", "FieldValueRequired spec.template.spec.containers[0].image")]
    [InlineData("api/v1/namespaces/shop/pods", """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","volumeMounts":[{"name":"x","mountPath":"/x"}]}]}}""", "FieldValueNotFound spec.containers[0].volumeMounts[0].name")]
    [InlineData("api/v1/namespaces/shop/services", """{"metadata":{"name":"a"},"spec":{"ports":[{"port":99999}]}}""", "FieldValueInvalid spec.ports[0].port")]
    public async Task Create_AnInvalidObject_IsRefusedWithItsField(string path, string body, string cause)
    {
        var (code, status) = await Send(HttpMethod.Post, path, body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal([cause], Causes(status));
    }

    [Fact]
    public async Task Update_OfAnImmutableField_IsRefused()
    {
        await Apply($"{Deployments}/web", Deployment("web", 1));

        var (code, status) = await Send(HttpMethod.Patch, $"{Deployments}/web",
            """{"spec":{"selector":{"matchLabels":{"app":"other"}},"template":{"metadata":{"labels":{"app":"other"}}}}}""", "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(["FieldValueInvalid spec.selector"], Causes(status));
        Assert.Contains("field is immutable", (string?)status["message"]);
    }

    [Fact]
    public async Task Update_OfAnImmutableSecret_IsRefused()
    {
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/secrets", """{"metadata":{"name":"s"},"immutable":true,"stringData":{"a":"b"}}""");

        var (code, status) = await Send(HttpMethod.Patch, "api/v1/namespaces/shop/secrets/s", """{"data":{"a":"Yw=="}}""", "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(["FieldValueForbidden data"], Causes(status));
    }

    [Theory]
    [InlineData("api/v1/namespaces/nowhere/configmaps", HttpStatusCode.NotFound, "NotFound")]
    [InlineData("api/v1/namespaces/shop/gizmos", HttpStatusCode.NotFound, "NotFound")]
    [InlineData("apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways", HttpStatusCode.NotFound, "NotFound")]
    [InlineData("api/v1/namespaces/shop/configmaps/kube-root-ca.crt", HttpStatusCode.MethodNotAllowed, "MethodNotAllowed")]
    public async Task Create_InAPlaceThatIsNotServed_AnswersAStatus(string path, HttpStatusCode expected, string reason)
    {
        var (code, status) = await Send(HttpMethod.Post, path, """{"metadata":{"name":"a"}}""");

        Assert.Equal(expected, code);
        Assert.Equal("Status", (string?)status["kind"]);
        Assert.Equal(reason, (string?)status["reason"]);
    }

    [Fact]
    public async Task Create_ANameThatIsTaken_AlreadyExists()
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"a"}}""");

        var (code, status) = await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"a"}}""");

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal("AlreadyExists", (string?)status["reason"]);
    }

    [Fact]
    public async Task Update_WithAnOldVersion_Conflicts()
    {
        var (_, first) = await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"a"}}""");
        await Send(HttpMethod.Patch, $"{Maps}/a", """{"data":{"x":"y"}}""", "application/merge-patch+json");

        var (code, status) = await Send(HttpMethod.Put, $"{Maps}/a", first.ToJsonString());

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal("Conflict", (string?)status["reason"]);
    }

    [Fact]
    public async Task Request_WithoutToken_IsUnauthorized()
    {
        Http.DefaultRequestHeaders.Authorization = null;

        var (code, status) = await Get("api/v1/namespaces");

        Assert.Equal(HttpStatusCode.Unauthorized, code);
        Assert.Equal("Unauthorized", (string?)status["reason"]);
    }

    [Fact]
    public async Task RequestFault_ForTwoTimes_AnswersTwiceAndThenServes()
    {
        Cluster.Faults.Add(new RequestFault("list", "ConfigMap", 429, RetryAfterSeconds: 7, Times: 2));

        using var first = await Http.GetAsync(Maps);
        using var second = await Http.GetAsync(Maps);
        using var third = await Http.GetAsync(Maps);

        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], [first.StatusCode, second.StatusCode, third.StatusCode]);
        Assert.Equal(TimeSpan.FromSeconds(7), first.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task RequestFault_ThatDropsTheConnection_GivesNoAnswer()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("get", "ConfigMap", Drop: true));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Http.GetAsync($"{Maps}/kube-root-ca.crt"));
    }
}
