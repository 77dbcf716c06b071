namespace Portal.Provisioning.Watching;

/// <summary>Whether what is shown of a cluster is live: the last error is a sentence for people, kept while the link is down.</summary>
public sealed record LinkState(bool IsConnected, string? Error, DateTimeOffset Since);
