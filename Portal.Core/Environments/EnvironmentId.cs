namespace Portal.Core.Environments;

/// <summary>Identity of an environment: time-ordered, so that the newest sort last.</summary>
public readonly record struct EnvironmentId(Guid Value)
{
    public static EnvironmentId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    public static EnvironmentId? Parse(string? text) => Guid.TryParse(text, out var value) ? new(value) : null;

    public override string ToString() => Value.ToString("D");
}
