using Portal.Core.Environments;
using Portal.Core.Requests;

namespace Portal.Core.Persistence;

/// <summary>A slice of a long list and the length of the whole.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total);

/// <param name="Take">1 to 200.</param>
public sealed record PageRequest
{
    public PageRequest(int skip, int take)
    {
        Skip = Math.Max(0, skip);
        Take = Math.Clamp(take, 1, 200);
    }

    public int Skip { get; }

    public int Take { get; }
}

public sealed record EnvironmentFilter(string? Search = null, EnvironmentPhase? Phase = null, string? Team = null, bool IncludeDeleted = false);

public sealed record RequestFilter(RequestState? State = null, string? SubmittedBy = null, string? NotSubmittedBy = null, EnvironmentId? Environment = null);
