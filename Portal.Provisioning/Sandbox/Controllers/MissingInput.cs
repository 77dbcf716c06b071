namespace Portal.Provisioning.Sandbox;

/// <summary>What a pod needs before it can start and does not find.</summary>
/// <param name="Container">The container whose environment names it; null for a volume.</param>
/// <param name="Message">The kubelet's words.</param>
internal sealed record MissingInput(string? Container, string Message);
