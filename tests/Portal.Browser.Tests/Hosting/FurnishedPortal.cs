namespace Portal.Browser.Tests.Hosting;

/// <summary>A portal in which there is something on every page: an environment that is ready, and a request that waits.</summary>
public sealed class FurnishedPortal : PortalFixture
{
    public string Environment { get; private set; } = "";

    public long Waiting { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var developer = As("developer");
        using var approver = As("approver");
        (Environment, var request) = await developer.RequestAsync("shop");
        await approver.ApproveAsync(request);
        (_, Waiting) = await developer.RequestAsync("search");
        await developer.UntilAsync(Environment, body => (string?)body["phase"] == "ready", "the environment to be ready", TimeSpan.FromMinutes(3));
    }
}
