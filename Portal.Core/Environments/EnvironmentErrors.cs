using Portal.Core.Results;

namespace Portal.Core.Environments;

public static class EnvironmentErrors
{
    public static Error NotFound() => new("environment.not-found", ErrorKind.NotFound,
        "There is no such environment, or you may not see it.");

    public static Error BadName(string name) => new("environment.name.invalid", ErrorKind.Invalid,
        $"{UserText.Quote(name)} cannot be a name. Use 2 to {EnvironmentName.MaxLength} lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen.", "name");

    public static Error NameTaken(string name) => new("environment.name.taken", ErrorKind.Conflict,
        $"The name \"{name}\" is taken in this team. Choose another one.", "name");

    /// <param name="holder">The environment that has it, if the reader may see it; else null.</param>
    public static Error HostTaken(string host, string? holder, string field) => new("environment.host.taken", ErrorKind.Conflict,
        $"The host name \"{host}\" belongs to {(holder is null ? "another environment" : $"the environment {holder}")} on this cluster. Choose another one, or take it away there first.", field);

    /// <summary>The same at an approval, for who decides: nothing of the request can be chosen otherwise any more.</summary>
    public static Error HostTakenMeanwhile(string host, string? holder) => new("environment.host.taken", ErrorKind.Conflict,
        $"The host name \"{host}\" has been given to {(holder is null ? "another environment" : $"the environment {holder}")} on this cluster since this was requested. Reject the request and say so, or approve it after that one has given the name back.");

    public static Error UnknownCluster(string name, IReadOnlyList<string> known) => new("environment.cluster.unknown", ErrorKind.Invalid,
        $"There is no cluster {UserText.Quote(name)} here. Choose {(known.Count == 1 ? known[0] : $"one of {string.Join(", ", known)}")}.", "cluster");

    public static Error AlreadyDeleting(string name) => new("environment.deleting", ErrorKind.Conflict,
        $"{name} is already being deleted.");

    public static Error Deleted(string name) => new("environment.deleted", ErrorKind.Conflict,
        $"{name} is deleted; nothing of it is left to change.");

    public static Error UnknownDisposition(string? word) => new("environment.data.unknown", ErrorKind.Malformed,
        $"{UserText.Quote(word)} says nothing about the data. Choose delete (it dies), keep (its volumes stay in the cluster) or backup (a last backup is written and stays).", "data");

    public static Error NoLastBackup(string sentence) => new("environment.data.backup", ErrorKind.Conflict, sentence, "data");

    public static Error NoSuchGeneration(string name, long generation) => new("environment.generation.unknown", ErrorKind.NotFound,
        $"{name} never had a generation {generation}. Choose one of those in its history.", "generation");

    public static Error NothingToRetry(string name) => new("environment.retry.nothing", ErrorKind.Conflict,
        $"{name} is not stuck, so there is nothing to retry.");

    public static Error NoSuchConflict(string name) => new("environment.ownership.unknown", ErrorKind.NotFound,
        $"{name} has no such conflict any more. Look at it again.");

    public static Error UnknownOwnershipChoice(string? word) => new("environment.ownership.choice", ErrorKind.Malformed,
        $"{UserText.Quote(word)} is no choice. Choose takeOver (the spec wins) or leave (the other manager keeps the fields).", "choice");

    public static Error ChangedMeanwhile() => new("changed-meanwhile", ErrorKind.Conflict,
        "Someone else changed this at the same moment. Look at it again and repeat what you wanted to do.");
}
