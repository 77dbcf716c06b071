using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for the web application firewall: what of its rules may be switched off, and where.</summary>
internal static class FirewallRules
{
    private const string Numbers = "A rule that looks for something has a number from 911000 to 979999, without the judging ones of 949000 and 959000";

    public static void Check(LoadBalancerSpec spec, SpecCheck check)
    {
        check.Range("loadBalancer.paranoiaLevel", spec.ParanoiaLevel, 1, 4, "");
        check.Range("loadBalancer.anomalyThreshold", spec.AnomalyThreshold, 3, 1_000, "points");
        check.That(spec.DisabledRules.Count <= 200 && spec.DisabledRules.All(Looks), "loadBalancer.disabledRules", $"{Numbers}, and at most 200 may be switched off.");
        check.That(spec.WafExclusions.Count <= 100, "loadBalancer.wafExclusions", $"loadBalancer.wafExclusions has {spec.WafExclusions.Count} entries; at most 100 are allowed.");
        foreach (var exclusion in spec.WafExclusions)
        {
            check.That(exclusion.Path is { Length: <= 200 } && SpecPatterns.Path().IsMatch(exclusion.Path), "loadBalancer.wafExclusions",
                $"{UserText.Quote(exclusion.Path)} is no path. Write one that begins with / and holds letters, digits and . _ ~ - / only, for example /api/editor. What is off everywhere belongs to loadBalancer.disabledRules.");
            check.That(exclusion.RuleIds.Count is >= 1 and <= 50 && exclusion.RuleIds.All(Looks), "loadBalancer.wafExclusions", $"{Numbers}, and 1 to 50 may be switched off under a path.");
        }

        check.Unique("loadBalancer.wafExclusions", spec.WafExclusions.Select(exclusion => exclusion.Path.TrimEnd('/')), "is named twice. Put all its rules into one line.");
    }

    /// <summary>Rules outside of these numbers set the scene, add up the scores and judge; without them nothing is refused any more.</summary>
    private static bool Looks(int rule) => rule is >= 911_000 and < 980_000 and not (>= 949_000 and < 950_000) and not (>= 959_000 and < 960_000);
}
