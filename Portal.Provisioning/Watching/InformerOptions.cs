namespace Portal.Provisioning.Watching;

/// <summary>How patiently an informer comes back after it lost the cluster.</summary>
public sealed record InformerOptions
{
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to look whether a kind that the cluster does not serve, or does not show us, is there now.</summary>
    public TimeSpan AbsentKindPause { get; init; } = TimeSpan.FromMinutes(5);
}
