using Portal.Core.Plans;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>What the server said against an object, and what to do about it.</summary>
internal sealed record Refusal(ObjectRef Object, string Message, string NextStep)
{
    /// <summary>The server says "immutable" of a claim that only has no volume yet.</summary>
    public const string WaitForVolume = "The claim has no volume yet, and cannot grow before it has one: ask again when something uses it.";

    /// <param name="standIn">The namespace where it was rehearsed; the words shall name the one where it will be.</param>
    public static Refusal Of(ObjectRef reference, KubeException refused, string? standIn) => new(
        reference,
        standIn is null || reference.Namespace is null ? refused.Message : refused.Message.Replace(standIn, reference.Namespace, StringComparison.Ordinal),
        NextStepOf(refused));

    public PlanProblem ToProblem() => new(Object.ToString(), Message, NextStep);

    private static string NextStepOf(KubeException refused) => refused.Fault switch
    {
        KubeFault.QuotaExceeded => "Ask for less, or ask the administrators of the cluster for more room; the rollout waits until there is some.",
        KubeFault.Immutable => "It holds data and is never deleted to get past this. Keep the field as it is, or make a new environment and move the data.",
        KubeFault.Unsupported => "An add-on of the cluster is missing; ask its administrators.",
        _ when refused.Message.Contains("admission webhook", StringComparison.Ordinal) || refused.Message.Contains("ValidatingAdmissionPolicy", StringComparison.Ordinal) =>
            "A policy of the cluster stands against it: change the spec so that it fits, or ask the cluster's administrators.",
        KubeFault.Forbidden when refused.Message.Contains(" cannot ", StringComparison.Ordinal) =>
            "The portal lacks this right on the cluster; its administrators grant it with deploy/rbac.yaml.",
        KubeFault.Forbidden => "The cluster does not allow it: ask its administrators.",
        _ => "Change the part of the spec that it names; if none does, tell the administrators of the portal.",
    };
}
