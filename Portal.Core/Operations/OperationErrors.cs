using Portal.Core.Results;

namespace Portal.Core.Operations;

public static class OperationErrors
{
    public static Error Unknown(string? kind) => new("operation.unknown", ErrorKind.Malformed,
        $"There is no operation {UserText.Quote(kind)}. Choose one of: {string.Join(", ", OperationReader.Kinds)}.", "operation");

    public static Error WrongComponent(string kind, string? component, IEnumerable<string> allowed) => new("operation.component", ErrorKind.Malformed,
        $"{UserText.Quote(component)} is no component for \"{kind}\". Choose one of: {string.Join(", ", allowed)}.", "component");

    public static Error NoComponent(string kind) => new("operation.component", ErrorKind.Malformed,
        $"\"{kind}\" is about one thing only. Leave the component out.", "component");

    public static Error UnknownValue(string kind, string name, IReadOnlyCollection<string> allowed) => new("operation.value.unknown", ErrorKind.Malformed,
        $"\"{kind}\" takes no value \"{name}\". {(allowed.Count == 0 ? "It takes none." : $"It takes: {string.Join(", ", allowed)}.")}", name);

    public static Error Unreadable(string name, string allowed) => new("operation.value", ErrorKind.Malformed,
        $"The value of \"{name}\" is missing or cannot be read. Send {allowed}.", name);

    public static Error NotNow(string sentence) => new("operation.not-now", ErrorKind.Conflict, sentence);

    public static Error NoLocation(string location, IReadOnlyList<string> known) => new("operation.location", ErrorKind.Invalid,
        $"{UserText.Quote(location)} is no edge location of this environment. Choose {(known.Count == 1 ? known[0] : $"one of {string.Join(", ", known)}")}.", "location");

    public static Error NotProvisioned(string name) => new("operation.not-now", ErrorKind.Conflict, $"{name} was not approved yet; there is nothing to operate.");

    public static Error NoObjectStore(string field) => new("operation.restore.store", ErrorKind.Invalid,
        "Backups of other environments come from an object store, and this portal has none. Ask its owners to set one up.", field);

    public static Error NoSource(string field) => new("operation.restore.from", ErrorKind.Invalid,
        "There is no such environment to restore from, or you may not see it. Choose one of those that the list of operations offers.", field);

    public static Error SourceIsItself(string field) => new("operation.restore.from", ErrorKind.Invalid,
        "That is the environment itself. Leave the other environment out to restore its own backup.", field);

    public static Error SourceHasNoBackups(string name, string field) => new("operation.restore.from", ErrorKind.Invalid,
        $"{name} was never provisioned, so it has no backups.", field);

    public static Error SourceIsElsewhere(string name, string field) => new("operation.restore.from", ErrorKind.Invalid,
        $"The MySQL of {name} is a database of others, so the object store has no backups of it.", field);

    public static Error ConfirmationWrong(string name) => new("operation.confirmation", ErrorKind.Invalid,
        $"Type the name of the environment, {name}, to confirm that its data is replaced.", "confirm");
}
