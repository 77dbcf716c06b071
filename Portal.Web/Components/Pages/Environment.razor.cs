using Microsoft.AspNetCore.Components;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Requests;
using Portal.Core.Results;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Live;
using Portal.Provisioning.Watching;
using Portal.Web.Components.Controls;
using Portal.Web.Live;
using Portal.Web.Models;
using Portal.Web.Urls;

namespace Portal.Web.Components.Pages;

/// <summary>Where a team lives with an environment: what runs, what happened, and what is wrong when something is.</summary>
public sealed partial class Environment
{
    private const string Overview = "overview";
    private static readonly string[] s_tabs = [Overview, "workloads", "events", "rollouts", "operations", "configuration", "activity"];

    private AppEnvironment? _environment;
    private StackGraph _graph = null!;
    private EnvironmentRequest? _openRequest;
    private IReadOnlyList<Rollout> _rollouts = [];
    private IReadOnlyList<GenerationRecord> _generations = [];
    private IReadOnlyList<InventoryEntry> _inventory = [];
    private IReadOnlyList<AuditEntry> _activity = [];
    private IReadOnlyList<string> _notes = [];
    private IReadOnlyList<PodRow> _pods = [];
    private IReadOnlyList<EventRow> _events = [];
    private DeleteEnvironment? _deletion;
    private ReturnDialog? _return;
    private string? _trouble;
    private string? _refusal;
    private LiveView? _live;
    private LiveEnvironment? _cluster;
    private bool _followsCluster;

    [Parameter] public string Number { get; set; } = "";

    [SupplyParameterFromQuery(Name = "tab")] public string? Tab { get; set; }

    [SupplyParameterFromQuery(Name = "component")] public string? ComponentSlug { get; set; }

    [Inject] public required EnvironmentQueries Environments { get; init; }

    [Inject] public required LiveQueries Clusters { get; init; }

    [Inject] public required StackNotes Notes { get; init; }

    private string Shown => s_tabs.Contains(Tab) ? Tab! : Overview;

    private Component? Selected => Core.Environments.Components.FromSlug(ComponentSlug);

    private IReadOnlyList<TabLink> Tabs =>
        [.. s_tabs.Select(tab => new TabLink(tab, char.ToUpperInvariant(tab[0]) + tab[1..], PortalUrls.Environment(_environment!.Id, tab == Overview ? null : tab)))];

    protected override bool Concerns(EnvironmentId id) => _environment is null || _environment.Id == id;

    protected override async Task<Action> ReadAsync(CancellationToken ct)
    {
        if (EnvironmentId.Parse(Number) is not { } id)
        {
            return () => _refusal = EnvironmentErrors.NotFound().Message;
        }

        var found = await Environments.GetAsync(Actor, id, ct);
        if (!found.IsSuccess)
        {
            return () => _refusal = found.Errors[0].Message;
        }

        var environment = found.Value;
        var rollouts = await Environments.RolloutsAsync(Actor, id, ct);
        var generations = Shown == "rollouts" || environment.Status.Phase == EnvironmentPhase.Stuck ? await Environments.GenerationsAsync(Actor, id, ct) : null;
        var inventory = await Environments.InventoryAsync(Actor, id, ct);
        var activity = Shown == "activity" ? await Environments.ActivityAsync(Actor, id, ct) : null;
        // A cluster that does not answer is said by its own notice.
        var notes = Shown == Overview && !environment.IsDeleted ? await Notes.OfAsync(Actor, id, ct) : null;
        var cluster = await Clusters.OpenAsync(Actor, id, ct);
        var open = await Environments.OpenRequestAsync(Actor, id, ct);
        return () =>
        {
            if (_environment?.Spec != environment.Spec)
            {
                _graph = StackBlueprint.Graph(environment.Spec);
            }

            _environment = environment;
            _openRequest = open;
            _rollouts = Or(rollouts);
            _generations = generations is null ? [] : Or(generations);
            _inventory = Or(inventory);
            _activity = activity is null ? [] : Or(activity);
            _notes = notes is null ? [] : Or(notes);
            _cluster ??= cluster.IsSuccess ? cluster.Value : null;
            _trouble = cluster.IsSuccess ? null : cluster.Errors[0].Message;
            ShowCluster();
        };
    }

    protected override void FollowMore(LiveView live) => _live = live;

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (_cluster is { } cluster && _live is not null && !_followsCluster)
        {
            _followsCluster = true;
            _live.Follow(hint => ClusterHints.Listen(cluster, hint, Loggers.CreateLogger<Environment>()), _ =>
            {
                ShowCluster();
                return Task.CompletedTask;
            });
        }
    }

    private static IReadOnlyList<T> Or<T>(Result<IReadOnlyList<T>> result) => result.IsSuccess ? result.Value : [];

    private Task ReturnAsync(long generation) =>
        _return is not null && _generations.FirstOrDefault(entry => entry.Number == generation) is { } target ? _return.OpenAsync(target) : Task.CompletedTask;

    private void ShowCluster()
    {
        if (_cluster is null)
        {
            return;
        }

        _pods = _cluster.Pods();
        _events = _cluster.Events();
        _trouble = _cluster.Link.Error;
    }
}
