using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Journeys;

/// <summary>The main job of the portal, as two people do it: ask for an environment, approve it, watch it become ready, delete it.</summary>
public sealed class ProvisioningJourney(PortalFixture portal, Chromium chromium) : BrowserTest(portal, chromium)
{
    private const string Developer = "Dewi Lestari";
    private const string Approver = "Arif Santoso";
    private const string Name = "webshop";
    private const string Namespace = "payments-webshop";

    private static readonly TimeSpan s_rollout = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Environment_FromRequestToDeletion_IsSeenLive()
    {
        await RequestAsync();
        await SignOutAsync(Developer);

        await ApproveAsync();
        await WatchUntilReadyAsync();
        await SeeThePodsAsync();
        await SignOutAsync(Approver);

        await DeleteAsync();
        await WatchUntilDeletedAsync();
    }

    private async Task RequestAsync()
    {
        await SignInAsync(Developer);
        await Page.GetByRole(AriaRole.Link, new() { Name = "New environment" }).First.ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Small" }).CheckAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Name);
        await Page.GetByLabel("What it is for").FillAsync("The shop of the spring campaign.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Request environment" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^Request [0-9]+: New environment · {Name}$") })).ToBeVisibleAsync();
    }

    private async Task ApproveAsync()
    {
        await SignInAsync(Approver);
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Requests" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = $"New environment · {Name}" }).ClickAsync();
        await Expect(Page.GetByText("The shop of the spring campaign.")).ToBeVisibleAsync();

        var plan = Page.GetByRole(AriaRole.Region, new() { Name = "Plan" });
        await plan.GetByLabel("Filter the plan").FillAsync("mysql");
        await Expect(plan.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "StatefulSet" })).ToContainTextAsync("mysql");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(Page.GetByText("approved it")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = Name, Exact = true }).ClickAsync();
        await Expect(Heading(Name)).ToBeVisibleAsync();
    }

    private async Task WatchUntilReadyAsync()
    {
        var visit = await Visit.BeginAsync(Page);
        await Expect(Component("CDN edge", "Missing")).ToBeVisibleAsync();
        await Expect(Component("MySQL", "Healthy")).ToBeVisibleAsync(Within(s_rollout));
        await Expect(Component("CDN edge", "Healthy")).ToBeVisibleAsync(Within(s_rollout));
        await Expect(Phase("Ready")).ToBeVisibleAsync(Within(s_rollout));
        await visit.StayedAsync();

        Assert.Matches($@"{Namespace} +statefulset.apps/mysql", await Portal.Kubectl.EverythingAsync());
    }

    private async Task SeeThePodsAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = "Workloads" }).ClickAsync();
        var mysql = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "mysql-0" });
        await Expect(mysql).ToContainTextAsync("Running");
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Pending" })).ToHaveCountAsync(0);
    }

    private async Task DeleteAsync()
    {
        await SignInAsync(Developer);
        await Page.GetByRole(AriaRole.Link, new() { Name = Name, Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = $"Delete {Name}?" });
        await dialog.GetByLabel($"Type {Name} to confirm").FillAsync("webshp");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it and its data" }).ClickAsync();
        await Expect(dialog.GetByText($"Type the name of the environment, {Name}")).ToBeVisibleAsync();
        await dialog.GetByLabel($"Type {Name} to confirm").FillAsync(Name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it and its data" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }

    private async Task WatchUntilDeletedAsync()
    {
        var visit = await Visit.BeginAsync(Page);
        await Expect(Phase("Deleting")).ToBeVisibleAsync();
        await Expect(Phase("Deleted")).ToBeVisibleAsync(Within(s_rollout));
        await Expect(Page.GetByText($"objects of its inventory and namespace {Namespace} are gone from cluster sandbox.")).ToBeVisibleAsync();
        await visit.StayedAsync();

        Assert.DoesNotContain(Namespace, await Portal.Kubectl.EverythingAsync(), StringComparison.Ordinal);
    }

    private ILocator Component(string title, string health) =>
        Page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{title}: {health}") });

    private ILocator Phase(string phase) => Page.GetByRole(AriaRole.Status).Filter(new() { HasText = phase }).First;
}
