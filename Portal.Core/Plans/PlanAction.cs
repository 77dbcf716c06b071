namespace Portal.Core.Plans;

/// <summary>What a plan does to an object. Stored and hashed by name.</summary>
public enum PlanAction
{
    Create,
    Change,

    /// <summary>Deleted and made again, because a field of it cannot change. Only for objects that hold no data.</summary>
    Replace,
    Delete,
    Keep,
}
