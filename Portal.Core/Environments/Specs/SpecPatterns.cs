using System.Text.RegularExpressions;

namespace Portal.Core.Environments.Specs;

/// <summary>The shapes of texts in a spec. All are anchored, and none can be slow on hostile text.</summary>
internal static partial class SpecPatterns
{
    [GeneratedRegex(@"^[a-z]([a-z0-9-]*[a-z0-9])?\z")]
    public static partial Regex Label();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    public static partial Regex HostName();

    // The grammar of the distribution specification: host[:port]/path:tag or @digest; a tag or digest is required, and a port is none.
    [GeneratedRegex(@"^[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?(?<=[:@][^/]+)\z")]
    public static partial Regex Image();

    // What RFC 5322 allows without quotes, less braces: the mail's recipient is a template to Alertmanager.
    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)+\z")]
    public static partial Regex Email();

    [GeneratedRegex(@"^(/[A-Za-z0-9._~-]+)+/?\z")]
    public static partial Regex Path();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    public static partial Regex Token();

    // No underscore and no dot: web servers drop such headers.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]{0,99}\z")]
    public static partial Regex HeaderName();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    public static partial Regex HeaderValue();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}=[^\p{C}]{0,2000}\z")]
    public static partial Regex Variable();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    public static partial Regex ObjectName();

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z")]
    public static partial Regex Metric();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    public static partial Regex LabelValue();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9.-]*\z")]
    public static partial Regex Topic();

    // https://cloud.google.com/resource-manager/docs/creating-managing-projects
    [GeneratedRegex(@"^[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    public static partial Regex GoogleProject();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}\z")]
    public static partial Regex HostAndPort();

    [GeneratedRegex(@"^#[a-z0-9_-]{1,79}\z")]
    public static partial Regex SlackChannel();

    // Nothing that could end a string or begin a placeholder in the file it is written to.
    [GeneratedRegex(@"^[A-Za-z0-9:/?#\[\]!$&()*+,;=._~%-]+\z")]
    public static partial Regex PlainUrl();
}
