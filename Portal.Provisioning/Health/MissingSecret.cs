using System.Text.RegularExpressions;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>A pod that waits for a Secret which is not there: who has to put it there, and what has to be in it.</summary>
internal static partial class MissingSecret
{
    /// <summary>What to do about it; null when the kubelet's words are about something else.</summary>
    public static string? StepFor(KubeObject pod, string words)
    {
        if (NameIn(words) is not { } name)
        {
            return null;
        }

        var volumes = pod.Items("spec", "volumes").Select(volume => new KubeObject(volume)).ToList();
        var keys = volumes.Where(volume => volume.Text("secret", "secretName") == name).SelectMany(volume => volume.Items("secret", "items"))
            .Concat(volumes.SelectMany(volume => volume.Items("projected", "sources")).Select(source => new KubeObject(source)).Where(source => source.Text("secret", "name") == name).SelectMany(source => source.Items("secret", "items")))
            .Select(item => (string?)item["key"]).OfType<string>().Distinct().ToList();
        return $"Put the Secret \"{name}\" into the namespace {pod.Namespace}{(keys.Count == 0 ? "" : $", with {string.Join(" and ", keys)} in it")}; the pods start by themselves when it is there.";
    }

    /// <summary>Who waits for a Secret that cert-manager has yet to make is told what cert-manager says, and is as well as its Certificate.</summary>
    public static HealthReport Explain(HealthReport waiting, IEnumerable<KubeObject> certificates)
    {
        if (NameIn(waiting.Message) is not { } name || certificates.FirstOrDefault(each => each.Text("spec", "secretName") == name) is not { } certificate)
        {
            return waiting;
        }

        var report = CertificateHealth.Assess(certificate);
        return report.IsSettled ? waiting : report with { Message = $"{waiting.Message} {certificate.Ref}: {report.Message}", PodsMayRun = true };
    }

    private static string? NameIn(string words) => Missing().Match(words) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("secret \"([a-z0-9.-]+)\" not found")]
    private static partial Regex Missing();
}
