using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Core.Teams;
using Portal.Core.Teams.Queries;
using Portal.Provisioning.Blueprint;
using Portal.Web.Auth;
using Portal.Web.Models;
using Portal.Web.Urls;

namespace Portal.Web.Components.Pages;

/// <summary>The form for a new environment: a preset, then what matters, checked by Core's rules while it is typed.</summary>
public sealed partial class NewEnvironment : IDisposable
{
    private static readonly FormField s_name = new("name", "Name", FieldKind.Text, null, "Lower-case letters, digits and hyphens.");
    private static readonly FormField s_host = new("hostName", "Host name", FieldKind.Text, null, "Leave empty to get the one shown.");
    private static readonly FormField s_reason = new("reason", "What it is for", FieldKind.Text, null, "Helps the approver to decide.");

    private readonly NewEnvironmentForm _form = new();
    private readonly CancellationTokenSource _leaving = new();
    private Actor _actor = null!;
    private IReadOnlyList<Team>? _teams;
    private IReadOnlyList<Error> _errors = [];
    private IReadOnlyList<string> _unplaced = [];
    private StackGraph _graph = null!;
    private bool _attempted;
    private bool _submitting;

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required TeamQueries Teams { get; init; }

    [Inject] public required RequestEnvironmentCommand Request { get; init; }

    [Inject] public required ClusterCatalog Clusters { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IJSRuntime Js { get; init; }

    private string Standing => _attempted && _errors.Count > 0
        ? _errors.Count == 1 ? L["1 field needs a change."] : L["{0} fields need a change.", _errors.Count]
        : "";

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _actor = await Current.GetAsync(_leaving.Token);
        var teams = await Teams.RequestableAsync(_actor, _leaving.Token);
        _form.Team = teams.Count > 0 ? teams[0].Slug : "";
        Read();
        _teams = teams;
    }

    private IReadOnlyList<string> At(string path) => _form.ErrorsAt(path, _errors);

    private void Set(string path, string? text)
    {
        _form.Set(path, text);
        Read();
    }

    private void Choose(Preset preset)
    {
        _form.Choose(preset);
        Read();
    }

    private void Team(string? slug)
    {
        _form.Team = slug ?? "";
        Read();
    }

    private void Purpose(string? word)
    {
        _form.Purpose = Enum.Parse<Purpose>(word ?? nameof(Core.Environments.Specs.Purpose.Development));
        Read();
    }

    private void Read()
    {
        _errors = _form.Validate();
        _unplaced = NewEnvironmentForm.Unplaced(_errors);
        _graph = StackBlueprint.Graph(_form.Spec);
    }

    private async Task SubmitAsync()
    {
        if (_submitting)
        {
            return;
        }

        _attempted = true;
        _errors = _form.Attempt();
        if (_errors.Count > 0)
        {
            await ShowErrorsAsync();
            return;
        }

        _submitting = true;
        StateHasChanged();
        Result<Core.Requests.EnvironmentRequest> result;
        try
        {
            // Asking the cluster for the plan may take a second. A page that is left meanwhile has still submitted.
            result = await Request.ExecuteAsync(_actor, _form.ToRequest(), CancellationToken.None);
        }
        finally
        {
            _submitting = false;
        }

        if (result.IsSuccess)
        {
            Navigation.NavigateTo(PortalUrls.Request(result.Value.Id));
            return;
        }

        _form.Refuse(result.Errors);
        Read();
        await ShowErrorsAsync();
    }

    private async Task ShowErrorsAsync()
    {
        StateHasChanged();
        await Task.Yield();
        await Js.InvokeVoidAsync("portal.focusFirstError", _leaving.Token);
    }
}
