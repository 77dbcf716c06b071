using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Results;

namespace Portal.Web.Components.Controls;

/// <summary>The decisions so far, and what the actor may do now; what is not allowed says why.</summary>
public sealed partial class DecisionPanel
{
    private string _comment = "";
    private string? _commentError;
    private IReadOnlyList<string> _errors = [];
    private string? _decideDenied;
    private string? _withdrawDenied;
    private bool _busy;

    [Parameter, EditorRequired] public required EnvironmentRequest Request { get; set; }

    [Parameter, EditorRequired] public required Actor Actor { get; set; }

    [Parameter] public EventCallback Decided { get; set; }

    [Inject] public required DecideCommand Decide { get; init; }

    [Inject] public required WithdrawCommand Withdraw { get; init; }

    protected override void OnParametersSet()
    {
        var resource = new Resource(Request.Team, Request.SubmittedBy);
        _decideDenied = Request.Decisions.Any(decision => decision.ApproverId == Actor.UserId)
            ? RequestErrors.AlreadyDecided(Request.Id).Message
            : AccessPolicy.Check(Actor, Permission.DecideRequest, resource)?.Message;
        _withdrawDenied = AccessPolicy.Check(Actor, Permission.WithdrawRequest, resource)?.Message;
    }

    // The hash on the page, not the present one: the decision is about what was looked at.
    private Task DecideAsync(Verdict verdict) =>
        RunAsync(() => Decide.ExecuteAsync(Actor, Request.Id, verdict, _comment, Request.ContentHash, CancellationToken.None));

    private Task WithdrawAsync() => RunAsync(() => Withdraw.ExecuteAsync(Actor, Request.Id, CancellationToken.None));

    private async Task RunAsync(Func<Task<Result<EnvironmentRequest>>> command)
    {
        _busy = true;
        try
        {
            var result = await command();
            _commentError = result.Errors.FirstOrDefault(error => error.Field == "comment")?.Message;
            _errors = [.. result.Errors.Where(error => error.Field != "comment").Select(error => error.Message)];
        }
        finally
        {
            _busy = false;
        }

        await Decided.InvokeAsync();
    }
}
