namespace Portal.Core.Environments.Specs;

/// <summary>What has to come after a spec once it is rolled out: operations of two steps end by themselves.</summary>
public static class SpecFollowUp
{
    /// <summary>The spec that ends what the given one has begun; null when nothing is left to end.</summary>
    public static EnvironmentSpec? Next(EnvironmentSpec spec)
    {
        var dayTwo = spec.DayTwo;
        var ended = dayTwo with
        {
            MySqlCredential = dayTwo.MySqlCredential with { KeepsPrevious = false },
            RedisCredential = dayTwo.RedisCredential with { KeepsPrevious = false },
            PubSubCredential = dayTwo.PubSubCredential with { KeepsPrevious = false },
            LoadBalancerCertificate = dayTwo.LoadBalancerCertificate with { KeepsPrevious = false },
            DrainedLocations = Left(spec),
            IsBackingUp = false,
            Restore = dayTwo.Restore with { IsOpen = false },
        };
        return ended == dayTwo ? null : spec with { DayTwo = ended };
    }

    /// <summary>Without those that were taken away: a later location of the same name begins in service. The same list when none was.</summary>
    private static IReadOnlyList<string> Left(EnvironmentSpec spec) =>
        spec.DayTwo.DrainedLocations.Except(spec.Edge.Locations).Any() ? [.. spec.DayTwo.DrainedLocations.Intersect(spec.Edge.Locations)] : spec.DayTwo.DrainedLocations;

    /// <summary>What the step after a spec does, in a sentence for the history.</summary>
    public static string Describe(EnvironmentSpec spec)
    {
        var dayTwo = spec.DayTwo;
        var done = new List<string>();
        if (dayTwo.MySqlCredential.KeepsPrevious || dayTwo.RedisCredential.KeepsPrevious || dayTwo.PubSubCredential.KeepsPrevious)
        {
            done.Add("Everything uses the new password; the old one is withdrawn.");
        }

        if (dayTwo.LoadBalancerCertificate.KeepsPrevious)
        {
            done.Add("Every edge trusts the new certificate; the load balancer shows it.");
        }

        if (dayTwo.DrainedLocations.Except(spec.Edge.Locations).ToList() is { Count: > 0 } gone)
        {
            done.Add($"Drained and taken away: {string.Join(", ", gone)}.");
        }

        if (dayTwo.IsBackingUp)
        {
            done.Add("The backup is written.");
        }

        if (dayTwo.Restore.IsOpen)
        {
            done.Add("The backup is restored.");
        }

        return string.Join(' ', done);
    }
}
