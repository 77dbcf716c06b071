using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Core.Operations.Restoring;

/// <summary>What matters about the data that a restore brings in from another environment.</summary>
public sealed record DataOrigin(Purpose Purpose, bool IsOfAnotherTeam)
{
    public static DataOrigin Of(AppEnvironment source, AppEnvironment target) => new(source.Spec.Purpose, source.Team != target.Team);
}
