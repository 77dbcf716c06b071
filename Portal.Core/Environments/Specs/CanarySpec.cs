namespace Portal.Core.Environments.Specs;

/// <summary>A new image of a service that part of its requests go to before everybody's do.</summary>
/// <remarks>Whoever sends the header <c>X-Canary</c> chooses, whatever the weight: <c>always</c> for the canary, <c>never</c> for the stable one.</remarks>
/// <param name="Image">Image reference with a tag or digest, another than the service's own.</param>
/// <param name="WeightPercent">The share of requests without the header; 0 leaves it to the header alone.</param>
/// <param name="Pods">How many run; nothing scales them.</param>
public sealed record CanarySpec(string Image, int WeightPercent, int Pods)
{
    /// <summary>The request header that chooses.</summary>
    public const string Header = "X-Canary";

    /// <summary>The header's value for the canary.</summary>
    public const string Always = "always";

    /// <summary>The header's value for the stable one.</summary>
    public const string Never = "never";
}
