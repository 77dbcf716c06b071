using System.Net;

namespace Portal.Provisioning.Tests.Sandbox;

public class SandboxReadTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";

    [Fact]
    public async Task List_InPages_GivesEveryObjectOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            await Send(HttpMethod.Post, Maps, "{\"metadata\":{\"labels\":{\"page\":\"yes\"},\"name\":\"m" + i + "\"}}");
        }

        var names = new List<string>();
        var next = "";
        do
        {
            var (_, list) = await Get($"{Maps}?labelSelector=page&limit=2&continue={Uri.EscapeDataString(next)}");
            names.AddRange(list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!));
            next = (string?)list["metadata"]!["continue"] ?? "";
        }
        while (next.Length > 0);

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], names);
    }

    [Theory]
    [InlineData("color=red", "a")]
    [InlineData("color!=red", "b c kube-root-ca.crt")]
    [InlineData("color in (red,blue)", "a b")]
    [InlineData("color,color notin (blue)", "a")]
    [InlineData("!color", "c kube-root-ca.crt")]
    public async Task List_ByLabels_GivesWhatMatches(string selector, string expected)
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"a","labels":{"color":"red"}}}""");
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"b","labels":{"color":"blue"}}}""");
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"c"}}""");
        await Until($"{Maps}/kube-root-ca.crt", _ => true, "the root certificate");

        var (_, list) = await Get($"{Maps}?labelSelector={Uri.EscapeDataString(selector)}");

        Assert.Equal(expected, string.Join(' ', list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)));
    }

    [Fact]
    public async Task List_ByAFieldThatIsNotSupported_IsRefused()
    {
        var (code, status) = await Get($"{Maps}?fieldSelector=data.a%3Db");

        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Equal("field label not supported: data.a", (string?)status["message"]);
    }

    [Fact]
    public async Task Log_OfARunningPod_SaysThatItIsSynthetic()
    {
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/pods", """{"metadata":{"name":"one"},"spec":{"containers":[{"name":"a","image":"a:1"}]}}""");
        await Until("api/v1/namespaces/shop/pods/one", pod => Condition(pod, "Ready") == "True", "the pod to be ready");

        var all = (await Http.GetStringAsync("api/v1/namespaces/shop/pods/one/log")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var last = (await Http.GetStringAsync("api/v1/namespaces/shop/pods/one/log?tailLines=1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("[sandbox]", all[0]);
        Assert.Equal(all[^1], Assert.Single(last));
    }

    [Fact]
    public async Task Patch_OfEachType_IsApplied()
    {
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/pods", """{"metadata":{"name":"one"},"spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]}}""");
        const string Pod = "api/v1/namespaces/shop/pods/one";

        await Send(HttpMethod.Patch, Pod, """{"spec":{"containers":[{"name":"b","image":"b:2"}]}}""", "application/strategic-merge-patch+json");
        await Send(HttpMethod.Patch, Pod, """{"metadata":{"labels":{"x":"y","z":"w"}}}""", "application/merge-patch+json");
        var (code, pod) = await Send(HttpMethod.Patch, Pod, """[{"op":"test","path":"/metadata/labels/z","value":"w"},{"op":"remove","path":"/metadata/labels/z"}]""", "application/json-patch+json");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(["a a:1", "b b:2"], pod["spec"]!["containers"]!.AsArray().Select(item => $"{item!["name"]} {item["image"]}"));
        Assert.Equal("""{"x":"y"}""", pod["metadata"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public async Task OpenApiV2_AsOldKubectlAsks_IsAnEmptyDocumentInItsFormat()
    {
        const string format = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        using var request = new HttpRequestMessage(HttpMethod.Get, "openapi/v2");
        request.Headers.TryAddWithoutValidation("Accept", format);

        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(format.Replace('@', '.'), response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("2.0", (string?)(await Get("openapi/v2")).Body["swagger"]);
    }
}
