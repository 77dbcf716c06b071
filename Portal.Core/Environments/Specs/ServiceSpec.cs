namespace Portal.Core.Environments.Specs;

/// <summary>One application service: frontend, gateway, publish or consume.</summary>
/// <param name="Image">Image reference with a tag or digest; <c>latest</c> is refused.</param>
/// <param name="Recommendations">Ask a VerticalPodAutoscaler for recommendations where the cluster has one. It never fights the HPA.</param>
public sealed record ServiceSpec(string Image, Scale Scale, PodSize Size, bool Recommendations = true);
