namespace Portal.Provisioning.Sandbox;

/// <summary>How the sandbox cluster is started and how fast its kubelet works.</summary>
public sealed record SandboxOptions
{
    /// <summary>The loopback port; 0 takes the one of the last run in the data directory when it is free, else any free one.</summary>
    public int Port { get; init; }

    /// <summary>False serves plain http, which only tests and benchmarks should want.</summary>
    public bool Https { get; init; } = true;

    /// <summary>Where the kubeconfig is written at start; null writes none.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>Where objects, token, certificate and port outlive the process; null keeps everything in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long pulling an image takes at most; the share of each image is fixed by its name. Zero pulls at once.</summary>
    public TimeSpan PullDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a container takes at most from its start until it is ready; fixed by its name and image. Zero is ready at once.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a job's container runs before it ends well.</summary>
    public TimeSpan JobDuration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a pod takes to stop, at most its own grace period.</summary>
    public TimeSpan StopDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How far the invented load of a workload swings around half of what its pods ask for; 0 is a load that stays, to which no autoscaler answers.</summary>
    public double LoadSwing { get; init; } = UsageMeter.UsualSwing;

    public int Nodes { get; init; } = 3;

    /// <summary>Up to so many nodes are brought by the cluster autoscaler when pods fit nowhere; not more than <see cref="Nodes"/> means that there is none.</summary>
    public int MaxNodes { get; init; } = 6;

    /// <summary>How long a node takes from the scale-up until pods can run on it.</summary>
    public TimeSpan NodeStartDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After so long without pods a node that the autoscaler brought is removed.</summary>
    public TimeSpan NodeIdleDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What each node offers to pods.</summary>
    public string NodeCpu { get; init; } = "32";

    public string NodeMemory { get; init; } = "128Gi";

    public int PodsPerNode { get; init; } = 250;

    /// <summary>Everything at once and room for many environments: what tests and benchmarks use.</summary>
    public static SandboxOptions Instant { get; } = new()
    {
        PullDelay = TimeSpan.Zero,
        StartDelay = TimeSpan.Zero,
        JobDuration = TimeSpan.Zero,
        StopDelay = TimeSpan.Zero,
        MaxNodes = 0,
    };
}
