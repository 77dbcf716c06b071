using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint.Databases;

/// <summary>What is rendered of the object store, and that nothing is without one.</summary>
public sealed class BackupCopiesTests
{
    private const string Owner = "01990000-0000-7000-8000-000000000002";

    [Fact]
    public void Backup_WithAStore_IsCopiedByEachJobThatDumps()
    {
        var stack = StackCase.Named("store-basic").Render();
        var pods = Pods(stack).Where(pod => pod.Text("metadata", "labels", Labels.Role) == "backup").ToList();

        Assert.Equal(2, pods.Count);
        Assert.All(pods, pod =>
        {
            Assert.Equal("dump", Assert.Single(pod.Items("spec", "initContainers"))["name"]!.GetValue<string>());
            var upload = Assert.Single(pod.Items("spec", "containers"));
            Assert.Equal($"store:backups/portal/shop/mysql/{StackCase.Identity.Id}", upload["command"]![3]!.GetValue<string>());
            Assert.Contains("--immutable", upload["command"]!.ToJsonString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Restore_FromAnother_FetchesThatOnesBackupBeforeItBegins()
    {
        var pod = RestorePod(StackCase.Named("store-basic").Render());
        var fetch = Assert.Single(pod.Items("spec", "initContainers"));

        Assert.Equal($"store:backups/portal/payments-live/mysql/{Owner}", Variable(fetch, "FOLDER"));
        Assert.Equal("payments-live", Variable(Assert.Single(pod.Items("spec", "containers")), "OWNER"));
    }

    [Fact]
    public void Restore_OfItsOwn_NeedsNoStoreAndReachesNone()
    {
        var each = StackCase.Named("store-basic");
        var stack = (each with { Spec = each.Spec with { DayTwo = each.Spec.DayTwo with { Restore = new(2, null, IsOpen: true) } } }).Render();

        Assert.Empty(RestorePod(stack).Items("spec", "initContainers"));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Name is "outward-restore" or "mysql-fetch");
    }

    // The setting went while a restore was waiting: its own newest backup would be the wrong one.
    [Fact]
    public void Restore_FromAnotherWithoutAStore_StillAsksForThatOnesBackup()
    {
        var stack = (StackCase.Named("store-basic") with { Platform = PlatformSettings.Default }).Render();
        var pod = RestorePod(stack);

        Assert.Empty(pod.Items("spec", "initContainers"));
        Assert.Equal("payments-live", Variable(Assert.Single(pod.Items("spec", "containers")), "OWNER"));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Name.StartsWith("outward-backup", StringComparison.Ordinal));
    }

    [Fact]
    public void Credentials_OfTheStore_AreReferencesToItsSecretAlone()
    {
        var stack = StackCase.Named("store-basic").Render();
        var keys = Pods(stack).SelectMany(pod => pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")))
            .SelectMany(container => container["env"]?.AsArray() ?? [])
            .Where(variable => variable!["name"]!.GetValue<string>() is "RCLONE_CONFIG_STORE_ACCESS_KEY_ID" or "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY").ToList();

        Assert.Equal(6, keys.Count);
        Assert.All(keys, key => Assert.Equal("object-store", key!["valueFrom"]!["secretKeyRef"]!["name"]!.GetValue<string>()));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object is { Kind: "Secret", Name: "object-store" });
    }

    [Fact]
    public void PathStyleAndRegistry_AsThePlatformSays_AreRendered()
    {
        var fetch = Assert.Single(RestorePod(StackCase.Named("store-private").Render()).Items("spec", "initContainers"));

        Assert.Equal(("false", "http://10.20.3.4:9000"), (Variable(fetch, "RCLONE_CONFIG_STORE_FORCE_PATH_STYLE"), Variable(fetch, "RCLONE_CONFIG_STORE_ENDPOINT")));
        Assert.StartsWith("registry.example/mirror/rclone/rclone:", fetch["image"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static IEnumerable<KubeObject> Pods(RenderedStack stack) => StackRule.Templates(stack).Select(pod => pod.Template);

    private static KubeObject RestorePod(RenderedStack stack) => Pods(stack).Single(pod => pod.Text("metadata", "labels", Labels.Role) == "restore");

    private static string? Variable(JsonObject container, string name) =>
        (string?)container["env"]!.AsArray().Single(variable => (string?)variable!["name"] == name)!["value"];
}
