namespace Portal.Provisioning.Sandbox;

/// <summary>The order of controllers that have work at the same time.</summary>
internal enum Turn
{
    /// <summary>Pods, volumes and everything that sums up nothing, or that gathers for itself.</summary>
    Parts,

    /// <summary>What owns pods.</summary>
    Sets,

    /// <summary>What owns sets.</summary>
    Deployments,
}
