namespace Portal.Provisioning.Health;

/// <summary>An image that cannot be had, in the words of the registry or the kubelet.</summary>
internal static class ImagePull
{
    private const string NotAllowed = "The registry refuses the cluster: give the namespace a pull secret for it, and check the image name.";
    private const string TooMany = "The registry limits how often one may pull: wait, or use a mirror of the image.";

    // The network or the registry, and not the name of the image: the kubelet tries again and may well succeed.
    private static readonly string[] s_passing =
        ["timeout", "timed out", "deadline exceeded", "connection refused", "connection reset", "no such host", "unexpected EOF", "502 Bad", "503 Service", "500 Internal"];

    public static HealthReport Failed(string? image, string? container, string words)
    {
        var message = $"The image {image} of container {container} cannot be pulled{(words.Length > 0 ? $": {words}" : "")}.";
        if (Says(words, "toomanyrequests") || Says(words, "429 Too Many"))
        {
            return HealthReport.Degraded(HealthCause.Image, message, TooMany) with { PodsMayRun = true };
        }

        return Says(words, "unauthorized") || Says(words, "authorization failed") || Says(words, "pull access denied") || Says(words, "403 Forbidden") || Says(words, "no basic auth")
            ? HealthReport.Degraded(HealthCause.Image, message, NotAllowed)
            : HealthReport.Degraded(HealthCause.Image, message) with { PodsMayRun = s_passing.Any(part => Says(words, part)) };
    }

    private static bool Says(string words, string part) => words.Contains(part, StringComparison.OrdinalIgnoreCase);
}
