using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Reads the server's words about a quota that is exceeded. Pure.</summary>
internal static partial class QuotaRefusal
{
    /// <summary>Whether what was asked for fits beside what is in use, were these the limits; no for words that say neither.</summary>
    public static bool WouldFit(string words, JsonObject limits)
    {
        var said = Exceeded().Match(words);
        if (!said.Success)
        {
            return false;
        }

        var used = Amounts(said.Groups["used"].Value);
        return Amounts(said.Groups["requested"].Value).All(request =>
            limits[request.Key] is { } limit && used.TryGetValue(request.Key, out var present) && present + request.Value <= KubeQuantity.Parse(limit.ToString()));
    }

    private static Dictionary<string, decimal> Amounts(string list) =>
        list.Split(',').Select(entry => entry.Split('=')).Where(entry => entry.Length == 2).ToDictionary(entry => entry[0], entry => KubeQuantity.Parse(entry[1]), StringComparer.Ordinal);

    [GeneratedRegex(@"exceeded quota: [^ ,]+, requested: (?<requested>[^ ]+), used: (?<used>[^ ]*), limited: ", RegexOptions.CultureInvariant)]
    private static partial Regex Exceeded();
}
