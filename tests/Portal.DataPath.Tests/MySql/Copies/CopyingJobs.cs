using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.MySql.Copies;

/// <summary>What the containers upload and fetch do in a pod, by their rendered commands and variables, with a folder in place of the volume.</summary>
/// <remarks>The source is the environment that <see cref="RenderedText.Stack"/> renders; the target restores from it.</remarks>
internal sealed class CopyingJobs(string home, S3Bucket bucket)
{
    private const string Namespace = "shop";
    private const string Id = "01990000-0000-7000-8000-000000000001";

    public const string Folder = $"portal/{Namespace}/mysql/{Id}";

    public string Dumps => Path.Combine(home, "dumps");

    /// <summary>The variable that the kubelet takes from the platform's Secret.</summary>
    public string SecretKey { get; init; } = S3Bucket.SecretKey;

    public Task<(int Code, string Output)> UploadAsync()
    {
        var stack = Rendered(spec => spec with { Backups = 1, IsBackingUp = true });
        var command = RenderedPod.Command(stack, "Job", "mysql-backup-once", "upload");
        return RunAsync(Variables(stack, "mysql-backup-once", "upload"), command.Select(word => word == "/dumps" ? Dumps : word));
    }

    public Task<(int Code, string Output)> FetchAsync(int number, string? backup = null, string owner = Namespace)
    {
        var stack = Rendered(spec => spec with { Restore = new(number, backup, IsOpen: true, new(owner, Id)) });
        var script = RenderedText.Of(stack, "mysql-fetch", "fetch.sh").With("/dumps", Dumps).Save(home, "fetch.sh");
        return RunAsync(Variables(stack, "mysql-restore", "fetch"), ["sh", script]);
    }

    /// <summary>With the variables of the pod and none of this machine's, which may have its own for rclone.</summary>
    private static Task<(int Code, string Output)> RunAsync(Dictionary<string, string> variables, IEnumerable<string> command) =>
        RunToEnd.Async("env", ["-i", $"PATH={Environment.GetEnvironmentVariable("PATH")}", .. variables.Select(variable => $"{variable.Key}={variable.Value}"), .. command]);

    private Dictionary<string, string> Variables(RenderedStack stack, string job, string container)
    {
        var variables = RenderedPod.Environment(stack, "Job", job, container, ("RCLONE_CONFIG_STORE_ACCESS_KEY_ID", S3Bucket.AccessKey), ("RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY", SecretKey));
        // A variable without a value is empty in a pod.
        variables.TryAdd("BACKUP", "");
        // Not the ten seconds between tries: what is refused here is refused each time.
        variables["RCLONE_RETRIES_SLEEP"] = "10ms";
        variables["RCLONE_LOW_LEVEL_RETRIES"] = "1";
        return variables;
    }

    private RenderedStack Rendered(Func<DayTwoSpec, DayTwoSpec> change)
    {
        var spec = Presets.Create(Preset.Small, Purpose.Staging, "shop.apps.example");
        return RenderedText.Stack(spec with { DayTwo = change(spec.DayTwo) }, platform: new() { ObjectStore = new(bucket.Endpoint, "us-east-1", S3Bucket.Name, "object-store") { Prefix = "portal" } });
    }
}
