using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Results;

namespace Portal.Testing;

/// <summary>A planner without a cluster: answers one namespace to create, or what the test says.</summary>
public sealed class FakePlanner : IPlanner
{
    private readonly ConcurrentQueue<PlanSubject> _subjects = new();

    /// <summary>What was planned, in order.</summary>
    public IReadOnlyCollection<PlanSubject> Subjects => _subjects;

    /// <summary>What a subject's plan is.</summary>
    public Func<PlanSubject, Result<Plan>> Answer { get; set; } = subject => new Plan(
        [new PlanEntry(subject.Spec is null ? PlanAction.Delete : PlanAction.Create, Component.Base, "v1", "Namespace", null, subject.Namespace)], []);

    /// <summary>Something that happens while the cluster is being asked, for tests of two people at the same moment.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public async Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct)
    {
        _subjects.Enqueue(subject);
        await Meanwhile();
        return Answer(subject);
    }
}
