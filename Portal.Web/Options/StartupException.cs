namespace Portal.Web.Options;

/// <summary>The portal cannot start as it is configured. Each problem is one line for the person who wrote the configuration.</summary>
public sealed class StartupException(IReadOnlyList<string> problems, Exception? inner = null)
    : Exception(string.Join(Environment.NewLine, problems), inner)
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
