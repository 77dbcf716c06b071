using Portal.Core.Results;

namespace Portal.Core.Requests;

public static class RequestErrors
{
    public static Error NotFound() => new("request.not-found", ErrorKind.NotFound,
        "There is no such request, or you may not see it.");

    public static Error Closed(RequestId id, RequestState state) => new("request.closed", ErrorKind.Conflict,
        $"Request {id} is already {state.ToString().ToLowerInvariant()}; it cannot be decided or withdrawn again.");

    public static Error AlreadyDecided(RequestId id) => new("request.decided", ErrorKind.Conflict,
        $"You have already decided on request {id}.");

    public static Error ContentChanged(RequestId id) => new("request.content-changed", ErrorKind.Conflict,
        $"Request {id} is not the one that you looked at: its content changed. Look at it again before you decide.", "contentHash");

    public static Error Pending(string environment, RequestId id) => new("request.pending", ErrorKind.Conflict,
        $"Request {id} for {environment} is still open. Wait for the decision, or withdraw it first.");

    public static Error NoChange(string environment) => new("request.no-change", ErrorKind.Conflict,
        $"{environment} already has this spec; there is nothing to change.");

    public static Error CommentMissing() => new("request.comment", ErrorKind.Invalid,
        "Say why you reject it: the team has to know what to change.", "comment");

    public static Error ConfirmationWrong(string name) => new("request.confirmation", ErrorKind.Invalid,
        $"Type the name of the environment, {name}, to confirm that it is deleted.", "confirm");

    public static Error UnknownVerdict(string? word) => new("request.verdict", ErrorKind.Malformed,
        $"There is no verdict {UserText.Quote(word)}. Choose approve or reject.", "verdict");

    public static Error TextTooLong(string field, int max) => new("text.too-long", ErrorKind.Invalid,
        $"The text of \"{field}\" is longer than {max} characters. Shorten it.", field);

    public static Error TextUnstorable(string field) => new("text.characters", ErrorKind.Invalid,
        $"The text of \"{field}\" holds control characters. Remove them; line breaks and tabs may stay.", field);
}
