using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Core.Rollouts;
using Portal.Core.Tests.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Requests;

/// <summary>The commands of requests as members and approvers use them, and proof that a refusal left nothing behind.</summary>
public abstract class RequestSuite(DatabaseFixture fixture) : DatabaseSuite(fixture)
{
    protected Task<Result<EnvironmentRequest>> CreateAsync(Actor actor, string name) =>
        Core.Get<RequestEnvironmentCommand>().ExecuteAsync(actor, new NewEnvironment(Core.Team, name, ASpec.Named(name)), Ct);

    protected Task<Result<EnvironmentRequest>> ChangeAsync(EnvironmentId id, EnvironmentSpec spec, string? reason = null) =>
        Core.Get<RequestChangeCommand>().ExecuteAsync(Core.Member, id, spec, reason, Ct);

    protected Task<Result<EnvironmentRequest>> DeleteAsync(EnvironmentId id, string? confirm = "shop", DataDisposition data = DataDisposition.Delete) =>
        Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, confirm, null, data, Ct);

    protected Task<Result<EnvironmentRequest>> DecideAsync(RequestId id, Verdict verdict = Verdict.Approve, string? comment = null, string? hash = null, Actor? actor = null) =>
        Core.Get<DecideCommand>().ExecuteAsync(actor ?? Core.Approver, id, verdict, comment, hash, Ct);

    protected async Task<AppEnvironment> EnvironmentAsync(EnvironmentRequest request) => (await Core.FindEnvironmentAsync(request.EnvironmentId))!;

    protected async Task<IEnumerable<string>> VerbsAsync(EnvironmentRequest request) =>
        (await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, request.EnvironmentId, Ct)).Value.Select(entry => entry.Verb);

    protected async Task<(int Environments, int Requests)> CountsAsync()
    {
        var environments = await Core.Get<EnvironmentQueries>().ListAsync(Core.Member, new EnvironmentFilter(IncludeDeleted: true), new(0, 1), Ct);
        var requests = await Core.Get<RequestQueries>().ListAsync(Core.Member, new RequestFilter(), new(0, 1), Ct);
        return (environments.Total, requests.Total);
    }

    /// <summary>The whole state that a user of the team sees, as text: a refusal must not change a letter of it.</summary>
    protected async Task<string> WorldAsync()
    {
        var environments = await Core.Get<EnvironmentQueries>().ListAsync(Core.Member, new EnvironmentFilter(IncludeDeleted: true), new(0, 200), Ct);
        var requests = await Core.Get<RequestQueries>().ListAsync(Core.Member, new RequestFilter(), new(0, 200), Ct);
        var lines = new List<string>();
        foreach (var environment in environments.Items)
        {
            var activity = await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, environment.Id, Ct);
            lines.Add($"{environment.Name} {environment.Status.Phase} {environment.Generation} {environment.Version} {SpecJson.Write(environment.Spec)} audit {activity.Value.Count}");
        }

        lines.AddRange(requests.Items.Select(request => $"{request.Id} {request.Kind} {request.State} {request.Version} {request.Decisions.Count}"));
        return string.Join('\n', lines) + $"\nwoken {Core.Trigger.Woken.Count}";
    }

    protected async Task RefusedAsync(string code, Func<Task<Result<EnvironmentRequest>>> command)
    {
        var before = await WorldAsync();

        var refused = await command();

        Assert.Equal(code, Assert.Single(refused.Errors).Code);
        Assert.Equal(before, await WorldAsync());
    }

    protected async Task FinishDeletionAsync(EnvironmentId id)
    {
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", TimeSpan.FromMinutes(1), Ct))!;
        await Core.Store.SaveStatusAsync(
            lease, target, target.Status with { Phase = EnvironmentPhase.Deleted }, Rollout.Start(id, 1, RolloutKind.Delete, Core.Clock.GetUtcNow()), null, Ct);
    }
}
