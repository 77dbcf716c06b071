namespace Portal.Provisioning.Kubernetes;

/// <summary>Limits of the client: time per verb, calls per second, retries inside one call.</summary>
public sealed record KubeClientOptions
{
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For one page of a list.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the 30 s that an admission webhook may take.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(35);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public int ListPageSize { get; init; } = 500;

    /// <summary>How long the server keeps a watch open; each one gets up to twice this, so that they do not all end together.</summary>
    public TimeSpan WatchLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch without a line for this long is dropped: servers send a bookmark about every minute.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromMinutes(4);

    public int CallsPerSecond { get; init; } = 400;

    /// <summary>Enough for the rehearsal and the apply of a whole stack: those are not held up by their own number.</summary>
    public int Burst { get; init; } = 600;

    /// <summary>Further tries inside one call after 429, 503 or a broken answer.</summary>
    public int MaxRetries { get; init; } = 3;

    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A longer Retry-After is not waited for but handed to the caller in <see cref="KubeException.RetryAfter"/>.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(10);
}
