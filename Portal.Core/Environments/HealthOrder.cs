namespace Portal.Core.Environments;

/// <summary>Compares and combines health: a whole is as healthy as its worst part.</summary>
public static class HealthOrder
{
    public static bool IsWorseThan(this HealthStatus status, HealthStatus other) => status > other;

    /// <summary>The worst of the parts; Healthy when there are none, because nothing is wrong with nothing.</summary>
    public static HealthStatus Worst(this IEnumerable<HealthStatus> parts)
    {
        var worst = HealthStatus.Healthy;
        foreach (var part in parts)
        {
            worst = part.IsWorseThan(worst) ? part : worst;
        }

        return worst;
    }
}
