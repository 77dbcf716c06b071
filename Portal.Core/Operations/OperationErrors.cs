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

    public static Error NotProvisioned(string name) => new("operation.not-now", ErrorKind.Conflict, $"{name} was not approved yet; there is nothing to operate.");

    public static Error ConfirmationWrong(string name) => new("operation.confirmation", ErrorKind.Invalid,
        $"Type the name of the environment, {name}, to confirm that its data is replaced.", "confirm");
}
