using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>One way through the stack graph: each component is applied as soon as what it depends on is healthy, and assessed.</summary>
/// <param name="later">What has to wait for the end.</param>
/// <param name="sourceless">Copies of the platform's Secrets whose source is not there.</param>
internal sealed class ComponentWalk(
    StackApplier applier, ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, IReadOnlyList<Manifest> later, IReadOnlyList<Manifest> sourceless)
{
    /// <summary>A component that is younger is still expected to start; what its events say is asked for after that.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a failure is watched before it counts, so that it has counted by then.</summary>
    private static readonly TimeSpan s_askAgain = RolloutJudgement.Patience + TimeSpan.FromMinutes(3);

    private readonly ILookup<Component, Manifest> _manifests = stack.Manifests.ToLookup(manifest => manifest.Component);
    private readonly Dictionary<Component, HealthReport> _reports = [];
    private readonly Dictionary<Component, RolloutStep> _steps = session.Rollout.Steps.ToDictionary(step => step.Component);
    private ApplyOutcome _outcome = ApplyOutcome.Nothing;
    private IReadOnlyList<KubeObject>? _events;

    /// <summary>Starting goes from what is depended on to what depends; going to rest is the other way round, data last.</summary>
    private readonly bool _toRest = session.Target.Spec.DayTwo.Paused;

    private IEnumerable<StackNode> Order => _toRest
        ? stack.Graph.Nodes.OrderByDescending(node => stack.Graph.Wave(node.Component))
        : stack.Graph.Nodes.OrderBy(node => stack.Graph.Wave(node.Component));

    /// <summary>Writes what differs, but not <c>later</c>, which has to wait for the end.</summary>
    /// <param name="done">What a look a moment ago found done: it is passed by. Null when nothing is.</param>
    public async Task<WalkOutcome> RunAsync(OwnershipRules rules, IReadOnlyDictionary<Component, HealthReport>? done, CancellationToken ct)
    {
        foreach (var node in Order)
        {
            var component = node.Component;
            if (done?.GetValueOrDefault(component) is { } report)
            {
                _reports[component] = report;
                continue;
            }

            var waitsFor = Before(node).Where(dependency => !_steps.ContainsKey(dependency) || !_reports[dependency].IsSettled).ToList();
            if (waitsFor.Count > 0 && !_steps.ContainsKey(component))
            {
                // What runs an older generation goes on doing so until what it depends on is healthy in the new one.
                _reports[component] = IsRunning(component)
                    ? ComponentAssessment.Assess(component, [.. _manifests[component].Except(LastOf(node))], live)
                    : new(HealthStatus.Missing, $"Waits for {string.Join(", ", waitsFor.Select(Components.Title))}.");
                continue;
            }

            var begins = _steps.TryAdd(component, new(component, stack.Graph.Wave(component), session.Now, null));
            var toApply = component == Component.Base
                ? _manifests[component].Union(stack.Manifests.Where(manifest => manifest.Early))
                : _manifests[component].Where(manifest => !manifest.Early);
            var last = LastOf(node);
            // The platform's Secrets are copied, not applied.
            IReadOnlyList<Manifest> now = [.. toApply.Where(manifest => manifest.CopiedFrom is null).Except(later).Except(last)];
            _outcome += await applier.ApplyAsync(kube, live, _toRest ? RestOrder.Next(node, now, live) : now, rules, ct);
            _reports[component] = await AssessAsync(component, [.. _manifests[component].Except(last)], ct);
            await ForgetFailuresAsync(last, begins, ct);
            if (last.Count > 0 && _reports[component].IsSettled)
            {
                _outcome += await applier.ApplyAsync(kube, live, last, rules, ct);
                _reports[component] = await AssessAsync(component, [.. _manifests[component]], ct);
            }

            if (_reports[component].IsSettled && sourceless.FirstOrDefault(manifest => manifest.Component == component) is { CopiedFrom: { } from } copy)
            {
                var said = MissingSource.Of(copy.Object.Name, from);
                _reports[component] = _reports[component] with { Message = $"{_reports[component].Message} {said.Message} Its copy stays as it is.", NextStep = said.NextStep };
            }

            if (_reports[component].IsSettled && _steps[component].SettledAt is null)
            {
                _steps[component] = _steps[component] with { SettledAt = session.Now };
            }
        }

        return new(_reports, [.. _steps.Values.OrderBy(step => step.StartedAt).ThenBy(step => step.Component)], _outcome);
    }

    private IEnumerable<Component> Before(StackNode node) => _toRest
        ? stack.Graph.Nodes.Where(other => other.DependsOn.Contains(node.Component)).Select(other => other.Component)
        : node.DependsOn;

    private bool IsRunning(Component component) => _manifests[component].Any(manifest => !manifest.Early && live.Find(manifest.Object.Ref) is not null);

    private List<Manifest> LastOf(StackNode node) =>
        node.LastToStart.Count == 0 ? [] : [.. _manifests[node.Component].Where(manifest => node.LastToStart.Contains(manifest.Object.Label(Labels.Role)) && !manifest.Early)];

    /// <summary>A Job that has failed stays so for ever. It is made again when its rollout is tried again, and after a while, because what was in its way may be gone.</summary>
    private async Task ForgetFailuresAsync(List<Manifest> last, bool atOnce, CancellationToken ct)
    {
        foreach (var reference in last.Select(manifest => manifest.Object.Ref))
        {
            if (live.Find(reference) is { Kind: "Job", IsTerminating: false } failed && LiveStack.IsOurs(failed, session.Target.Id) && failed.Condition("Failed") is { } end && end.Is("True")
                && (atOnce || session.Now - (end.Time("lastTransitionTime") ?? session.Now) >= s_askAgain))
            {
                await kube.DeleteAsync(reference, new DeleteOptions { Uid = failed.Uid, Propagation = DeletePropagation.Background }, ct);
                live.Remove(reference);
            }
        }
    }

    private async Task<HealthReport> AssessAsync(Component component, IReadOnlyList<Manifest> own, CancellationToken ct)
    {
        var report = ComponentAssessment.Assess(component, own, live);
        if (report.IsSettled || session.Now - _steps[component].StartedAt < s_quiet)
        {
            return report;
        }

        _events ??= (await kube.ListAsync(new ListQuery("v1", "Event", session.Target.Namespace), ct)).Items;
        return ComponentAssessment.Assess(component, own, live, _events);
    }
}

/// <summary>What a walk saw and did.</summary>
internal sealed record WalkOutcome(IReadOnlyDictionary<Component, HealthReport> Reports, IReadOnlyList<RolloutStep> Steps, ApplyOutcome Applied)
{
    public bool AllSettled => Reports.Values.All(report => report.IsSettled);

    /// <summary>The reports of the components that have settled in this rollout and leave nothing to decide.</summary>
    public IReadOnlyDictionary<Component, HealthReport> Done => Steps
        .Where(step => step.SettledAt is not null && Reports[step.Component].IsSettled && !Applied.Conflicts.Any(conflict => conflict.Component == step.Component))
        .ToDictionary(step => step.Component, step => Reports[step.Component]);

    public IReadOnlySet<Component> Lasting => Reports.Where(report => report.Value.IsLasting).Select(report => report.Key).ToHashSet();
}
