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

    public static Error AlreadyDeleting(string name) => new("environment.deleting", ErrorKind.Conflict,
        $"{name} is already being deleted.");

    public static Error Deleted(string name) => new("environment.deleted", ErrorKind.Conflict,
        $"{name} is deleted; nothing of it is left to change.");

    public static Error ChangedMeanwhile() => new("changed-meanwhile", ErrorKind.Conflict,
        "Someone else changed this at the same moment. Look at it again and repeat what you wanted to do.");
}
