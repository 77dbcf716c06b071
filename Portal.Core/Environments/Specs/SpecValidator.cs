using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>Every rule that a spec must keep. Collects all that is wrong, each at its field.</summary>
/// <remarks>Pure. <c>current</c> is the spec that runs now: some things may grow but not shrink.</remarks>
public static class SpecValidator
{
    /// <summary>The rules for a spec that an environment begins with.</summary>
    public static IReadOnlyList<Error> ValidateNew(EnvironmentSpec spec)
    {
        var check = new SpecCheck();
        DayTwoRules.CheckNew(spec, check);
        ExternalMySqlRules.CheckNew(spec, check);
        return [.. Validate(spec), .. check.Errors];
    }

    public static IReadOnlyList<Error> Validate(EnvironmentSpec spec, EnvironmentSpec? current = null)
    {
        var check = new SpecCheck();
        EntryRules.Check(spec, check);
        ServiceRules.Check(spec, check);
        CanaryRules.Check(spec, check);
        DataRules.Check(spec, check);
        OperationsRules.Check(spec, check);
        if (current is not null)
        {
            SpecGrowth.Check(spec, current, check);
        }

        return check.Errors;
    }
}
