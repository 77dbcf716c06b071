using System.Text.Json.Nodes;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Crashes;

/// <summary>kill -9 in the middle of the work: the next start goes on with what the portal and the sandbox cluster had kept, and ends it.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const string Name = "phoenix";
    private const string Namespace = "payments-phoenix";

    private static readonly TimeSpan s_rollout = TimeSpan.FromMinutes(4);

    private readonly PortalFixture _portal = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await Console.Error.WriteLineAsync($"The portal said:{Environment.NewLine}{_portal.Said}");
        }

        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task Kill_InTheMiddleOfARollout_EndsReady()
    {
        using var developer = _portal.As("developer");
        var environment = await ApproveAsync(developer);
        await developer.UntilAsync(environment, body => Healthy(body) is >= 4 and <= 10, "the middle of the rollout", s_rollout);

        await _portal.KillAsync();
        await _portal.StartAsync();

        var ready = await developer.UntilAsync(environment, body => Phase(body) == "ready", "the environment to be ready after the kill", s_rollout);
        Assert.All(ready["components"]!.AsArray(), component => Assert.Equal("healthy", (string?)component!["health"]));
        var rollouts = (await developer.GetAsync($"environments/{environment}/rollouts"))["items"]!.AsArray();
        Assert.Equal("succeeded", (string?)Assert.Single(rollouts)!["outcome"]);
        Assert.Matches($@"{Namespace} +statefulset.apps/mysql", await _portal.Kubectl.EverythingAsync());
    }

    [Fact]
    public async Task Kill_InTheMiddleOfADeletion_EndsDeletedWithNothingLeft()
    {
        using var developer = _portal.As("developer");
        var environment = await ApproveAsync(developer);
        await developer.UntilAsync(environment, body => Phase(body) == "ready", "the environment to be ready", s_rollout);
        await developer.DeleteAsync(environment, Name);
        await developer.UntilAsync(environment, body => Phase(body) == "deleting" && Healthy(body) <= 10, "the middle of the deletion", s_rollout);

        await _portal.KillAsync();
        await _portal.StartAsync();

        await developer.UntilAsync(environment, body => Phase(body) == "deleted", "the environment to be deleted after the kill", s_rollout);
        Assert.Empty((await developer.GetAsync($"environments/{environment}/inventory"))["items"]!.AsArray());
        Assert.DoesNotContain(Namespace, await _portal.Kubectl.EverythingAsync(), StringComparison.Ordinal);
    }

    private async Task<string> ApproveAsync(PortalApi developer)
    {
        using var approver = _portal.As("approver");
        var (environment, request) = await developer.RequestAsync(Name);
        await approver.ApproveAsync(request);
        return environment;
    }

    private static string? Phase(JsonNode environment) => (string?)environment["phase"];

    private static int Healthy(JsonNode environment) => environment["components"]!.AsArray().Count(component => (string?)component!["health"] == "healthy");
}
