using Bunit;
using Portal.Core.Environments;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Rollouts;
using Portal.Web.Components.Controls;

namespace Portal.Web.Tests.Components;

public sealed class RemovalProofTests : PageContext
{
    private static readonly DateTimeOffset s_gone = new(2026, 11, 27, 12, 30, 5, TimeSpan.Zero);

    [Fact]
    public void Proof_NothingKept_ListsWhatIsGoneAndWhenThatWasSeen()
    {
        var proof = Show(new([Gone("mysql")], [], null, s_gone));

        Assert.Equal("What was removed", proof.Find("h2").TextContent);
        Assert.Contains("1 removed", proof.Find(".facts").TextContent);
        Assert.Contains("2026-11-27 12:30:05 UTC", proof.Find(".facts [role=status]").TextContent);
        Assert.Equal(["StatefulSet", "mysql", "MySQL", "uid-mysql", "2026-11-27 12:30:05 UTC"], proof.FindAll("details td").Select(cell => cell.TextContent));
        Assert.Empty(proof.FindAll("h3"));
    }

    [Fact]
    public void Proof_VolumesAndBackupKept_SaysWhereAndWhatToDo()
    {
        var proof = Show(new([Gone("mysql")], [new("pvc-7", "data-mysql-0", "10Gi"), new("pvc-8", "data-kafka-0", "20Gi")], "dumps/shop.sql.gz", s_gone));

        Assert.Equal("Volumes that were kept 2", proof.Find("h3").TextContent);
        Assert.Contains("kubectl delete pv pvc-7", proof.Markup);
        Assert.Equal(["pvc-7", "data-mysql-0", "10Gi"], proof.FindAll("table")[0].QuerySelectorAll("tbody tr:first-child td").Select(cell => cell.TextContent.Trim()));
        Assert.Contains("dumps/shop.sql.gz", proof.Find(".facts").TextContent);
    }

    [Fact]
    public void Proof_NotVerifiedYet_SaysSo()
    {
        var proof = Show(new([], [], null, null));

        Assert.Equal("Removed so far", proof.Find("h2").TextContent);
        Assert.Contains("Not yet", proof.Find(".facts [role=status]").TextContent);
        Assert.Empty(proof.FindAll("details"));
    }

    [Fact]
    public async Task Proof_Many_IsPagedByFifty()
    {
        var proof = Show(new([.. Enumerable.Range(1, 120).Select(number => Gone($"object-{number}"))], [], null, s_gone));
        Assert.Equal(50, proof.FindAll("details tbody tr").Count);

        await proof.ClickAsync("details nav button", 1);
        await proof.ClickAsync("details nav button", 1);

        Assert.Equal(20, proof.FindAll("details tbody tr").Count);
        Assert.Equal("101 to 120 of 120", proof.Find("details nav [role=status]").TextContent);
        Assert.True(proof.FindAll("details nav button")[1].HasAttribute("disabled"));
    }

    [Fact]
    public async Task Page_OfADeletedEnvironment_ShowsTheProof()
    {
        var id = await Core.ApprovedAsync("shop");
        await Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", null, DataDisposition.Keep, CancellationToken.None);
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Deleted }, rollout => rollout with
        {
            Outcome = RolloutOutcome.Succeeded,
            FinishedAt = rollout.StartedAt.AddSeconds(42),
            Changes = new(0, 0, 0, 1),
            Removal = new([Gone("mysql")], [new("pvc-7", "data-mysql-0", "10Gi")], null, s_gone),
        });
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Contains("1 objects were removed in 42 s.", page.Find(".standing-proof").TextContent);
        Assert.Equal($"/environments/{id}#removal", page.Find(".standing-proof a").GetAttribute("href"));
        Assert.Contains("pvc-7", page.Find("#removal").TextContent);
        Assert.Empty(page.FindAll(".page-head .btn-danger"));
    }

    private IRenderedComponent<RemovalProof> Show(RemovalReport report) => Render<RemovalProof>(parameters => parameters.Add(it => it.Report, report));

    private static RemovedObject Gone(string name) => new(Component.MySql, "StatefulSet", "payments-shop", name, $"uid-{name}", s_gone);
}
