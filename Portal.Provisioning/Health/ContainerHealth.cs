using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>What keeps one container of a pod from running.</summary>
internal static class ContainerHealth
{
    private const int Killed = 137;

    // Some programs wait for what they need by ending; after so many restarts, about a minute, that is no longer it.
    private const int FirstTries = 3;

    /// <summary>A reason why the container cannot run, or null when it only needs time.</summary>
    public static HealthReport? Trouble(KubeObject container, KubeObject pod)
    {
        var waiting = Part(container, "state", "waiting");
        var (name, image) = (container.Text("name"), container.Text("image"));
        switch (waiting?.Text("reason"))
        {
            case "ImagePullBackOff" or "ErrImagePull" or "RegistryUnavailable" or "ErrImageNeverPull" or "ImageInspectError" or "SignatureValidationFailed":
                return ImagePull.Failed(image, name, waiting.Words());
            case "InvalidImageName":
                return HealthReport.Degraded(HealthCause.Image, $"The image name {image} of container {name} is not valid.", "Correct the image name.");
            case "CrashLoopBackOff":
                var end = Ended(container, pod, "lastState", "terminated") ?? "ends right after it starts";
                return Ending(container, "lastState", $"Container {name} keeps crashing: it {end}; {Restarts(container)} so far.");
            case "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError":
                return HealthReport.Degraded(HealthCause.Configuration, $"Container {name} cannot be created{Because(waiting)}.");
            case "PostStartHookError":
                return HealthReport.Degraded(HealthCause.Crash, $"Container {name} cannot be created{Because(waiting)}.");
            default:
                break;
        }

        // Between the crash and the back-off the container shows only how it ended.
        return pod.Text("spec", "restartPolicy") != "Never" && Part(container, "state", "terminated") is { } ended && (ended.Number("exitCode") ?? 0) != 0
            ? Ending(container, "state", $"Container {name} {Ended(container, pod, "state", "terminated")}; {Restarts(container)} so far.")
            : null;
    }

    /// <summary>What a container that has no trouble is still waiting for.</summary>
    public static string NotReady(KubeObject container)
    {
        var again = container.Number("restartCount") is > 0 ? $" after {Restarts(container)}" : "";
        return Part(container, "state", "running") is null ? $"{container.Text("name")} to start{again}" : $"{container.Text("name")} to answer its readiness probe{again}";
    }

    /// <summary>How a container ended, as the second half of a sentence about it; null when it did not end.</summary>
    public static string? Ended(KubeObject container, KubeObject pod, string state, string part)
    {
        if (Part(container, state, part) is not { } ended)
        {
            return null;
        }

        var code = ended.Number("exitCode") ?? 0;
        if (ended.Text("reason") == "OOMKilled")
        {
            var limit = pod.Items("spec", "containers").Select(c => new KubeObject(c))
                .FirstOrDefault(c => c.Text("name") == container.Text("name"))?.Text("resources", "limits", "memory");
            return limit is null ? "ran out of memory" : $"ran out of memory (limit {limit})";
        }

        var words = Reading.Words(LastWords.Of(ended.Text("message")).What);
        var how = code == Killed ? "was killed (code 137)" : $"ended with code {code}";
        return words.Length > 0 ? $"{how}: {words}" : how;
    }

    /// <summary>The cause that an ended container shows.</summary>
    public static HealthCause CauseOf(KubeObject container, string state) => container.Text(state, "terminated", "reason") switch
    {
        "OOMKilled" => HealthCause.Memory,

        // The program could not even be started: a command or a mount that is not in the image.
        "StartError" or "ContainerCannotRun" => HealthCause.Configuration,
        _ => HealthCause.Crash,
    };

    private static HealthReport Ending(KubeObject container, string state, string message)
    {
        var cause = CauseOf(container, state);
        return HealthReport.Degraded(cause, message, LastWords.Of(container.Text(state, "terminated", "message")).Step) with { PodsMayRun = cause == HealthCause.Crash && (container.Number("restartCount") ?? 0) < FirstTries };
    }

    private static KubeObject? Part(KubeObject container, string state, string part) =>
        container.At(state, part) is System.Text.Json.Nodes.JsonObject found ? new KubeObject(found) : null;

    private static string Because(KubeObject? part) => part.Words() is { Length: > 0 } words ? $": {words}" : "";

    private static string Restarts(KubeObject container) => (container.Number("restartCount") ?? 0) is var count && count == 1 ? "1 restart" : $"{count} restarts";
}
