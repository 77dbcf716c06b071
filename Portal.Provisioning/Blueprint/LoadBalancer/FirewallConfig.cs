using System.Globalization;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.LoadBalancer;

/// <summary>The web application firewall's configuration: the engine, the core rule set's tuning, and what is excluded from it.</summary>
internal static class FirewallConfig
{
    private const string Folder = "LoadBalancer/";

    /// <remarks>Bodies are limited as nginx limits them, so that none passes unseen; bodies with and without files alike.</remarks>
    public static string Engine(LoadBalancerSpec spec) => Template.Fill(
        Folder + "modsecurity.conf",
        ("MODE", spec.Waf == WafMode.Blocking ? "On" : "DetectionOnly"),
        ("MAX_BODY", Number(spec.MaxBodyMiB * 1024 * 1024)));

    public static string Setup(LoadBalancerSpec spec) => Template.Fill(
        Folder + "crs-setup.conf",
        ("PARANOIA", Number(spec.ParanoiaLevel)),
        ("THRESHOLD", Number(spec.AnomalyThreshold)));

    public static string ExclusionsBefore(LoadBalancerSpec spec) => Template.Fill(
        Folder + "exclusions-before.conf",
        ("EXCLUDED", string.Concat(spec.WafExclusions.Select(Exclusion))));

    public static string ExclusionsAfter(LoadBalancerSpec spec) => Template.Fill(
        Folder + "exclusions-after.conf",
        ("DISABLED", string.Concat(spec.DisabledRules.Distinct().Order().Select(rule => $"SecRuleRemoveById {Number(rule)}\n"))));

    /// <remarks>ModSecurity sees the path as it was sent and decoded; nginx routes the path without its dots and double slashes. Both have to mean the same one.</remarks>
    private static string Exclusion(WafExclusionSpec exclusion, int place) =>
        $"SecRule REQUEST_FILENAME \"@rx ^{NginxRoutes.Escape(exclusion.Path.TrimEnd('/'))}(?:/|$)\" \"id:{Number(1100 + place)},phase:1,pass,nolog,t:none,t:normalizePath,"
        + string.Join(',', exclusion.RuleIds.Distinct().Order().Select(rule => $"ctl:ruleRemoveById={Number(rule)}")) + "\"\n";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
