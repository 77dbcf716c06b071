namespace Portal.Core.Environments;

/// <summary>Who keeps the fields of one object that another field manager has set to something else.</summary>
public enum OwnershipChoice
{
    /// <summary>The spec wins, now and whenever that manager sets them again.</summary>
    TakeOver,

    /// <summary>The other manager keeps them; the portal writes the rest of the object.</summary>
    Leave,
}

/// <summary>A person's choice about one object and one other field manager. It stands until it is chosen anew.</summary>
public sealed record OwnershipDecision(string Kind, string Name, string Manager, OwnershipChoice Choice, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>Fields of one object that the spec renders and that another field manager has set to something else.</summary>
/// <param name="Fields">Paths such as <c>.spec.replicas</c>.</param>
/// <param name="Choice">What was chosen or what the spec says; null while a person has to choose.</param>
public sealed record OwnershipConflict(Component Component, string Kind, string Name, string Manager, IReadOnlyList<string> Fields, OwnershipChoice? Choice)
{
    public bool Equals(OwnershipConflict? other) =>
        other is not null && (Component, Kind, Name, Manager, Choice) == (other.Component, other.Kind, other.Name, other.Manager, other.Choice) && Fields.SequenceEqual(other.Fields);

    public override int GetHashCode() => HashCode.Combine(Component, Kind, Name, Manager, Choice);
}
