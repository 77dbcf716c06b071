using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

public class ListTests
{
    private const string Pods = "GET /api/v1/namespaces/shop/pods";
    private static readonly ListQuery s_pods = new("v1", "Pod", "shop", LabelSelector: "app.kubernetes.io/managed-by=portal");

    [Fact]
    public async Task List_TwoPages_GivesAllItemsMadeWholeAndTheVersion()
    {
        await using var server = await StartAsync();
        server.On(Pods, Page("7", "more", "a", "b"), Page("7", null, "c"));
        using var client = server.Client();

        var list = await client.ListAsync(s_pods, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c"], list.Items.Select(i => i.Name));
        Assert.All(list.Items, i => Assert.Equal("Pod", i.Kind));
        Assert.Equal("7", list.ResourceVersion);
        var sent = server.Of(Pods);
        Assert.Equal("app.kubernetes.io/managed-by=portal", sent[1].Query["labelSelector"]);
        Assert.Equal("more", sent[1].Query["continue"]);
    }

    [Fact]
    public async Task List_ConnectionCutInThePage_IsReadAgain()
    {
        await using var server = await StartAsync();
        server.On(Pods, Lines(Ending.Cut, """{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"meta"""), Page("8", null, "a"));
        using var client = server.Client();

        var list = await client.ListAsync(s_pods, TestContext.Current.CancellationToken);

        Assert.Equal("a", Assert.Single(list.Items).Name);
        Assert.Equal(2, server.Of(Pods).Count);
    }

    [Fact]
    public async Task List_CutEveryTime_IsUnavailableAfterBoundedTries()
    {
        await using var server = await StartAsync();
        server.On(Pods, Lines(Ending.Cut, """{"kind":"PodLi"""));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.ListAsync(s_pods, TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Unavailable, fault.Fault);
        Assert.Equal(1 + Quick.MaxRetries, server.Of(Pods).Count);
    }

    [Fact]
    public async Task List_ContinueTokenExpired_ListsAgainWithoutPages()
    {
        await using var server = await StartAsync();
        server.On(Pods, Page("7", "more", "a"), Status(410, "Expired", "The provided continue parameter is too old"), Page("9", null, "a", "b"));
        using var client = server.Client();

        var list = await client.ListAsync(s_pods, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], list.Items.Select(i => i.Name));
        Assert.Equal("9", list.ResourceVersion);
        Assert.DoesNotContain("limit", server.Of(Pods)[2].Query.Keys);
    }

    internal static Microsoft.AspNetCore.Http.RequestDelegate Page(string version, string? next, params string[] names)
    {
        var items = names.Select(n => $$"""{"metadata": {"name": "{{n}}", "namespace": "shop", "resourceVersion": "{{version}}"} }""");
        return Json($$"""{"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "{{version}}", "continue": "{{next}}"}, "items": [{{string.Join(',', items)}}] }""");
    }
}
