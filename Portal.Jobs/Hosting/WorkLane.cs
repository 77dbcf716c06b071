namespace Portal.Jobs.Hosting;

/// <summary>Why a key waits, in the order of precedence.</summary>
public enum WorkLane
{
    /// <summary>It was begun and goes on.</summary>
    UnderWay,

    /// <summary>Somebody has just asked for it.</summary>
    Asked,

    /// <summary>It was settled and is looked at again.</summary>
    Background,
}
