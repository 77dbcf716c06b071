using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Core.Operations;

/// <summary>What takes an edge location out of service and back. Pure.</summary>
internal static class EdgeOperations
{
    public static Result<EnvironmentSpec> Drain(string location, EnvironmentSpec spec)
    {
        if (Unknown(location, spec) is { } unknown)
        {
            return unknown;
        }

        if (spec.DayTwo.DrainedLocations.Contains(location))
        {
            return OperationErrors.NotNow($"{location} is drained already. Take it back to put it in service again.");
        }

        return spec.LocationsInService().Count == 1
            ? OperationErrors.NotNow($"{location} is the only edge location in service: nobody would answer. Add another one or take one back first.")
            : spec with { DayTwo = spec.DayTwo with { DrainedLocations = [.. spec.DayTwo.DrainedLocations, location] } };
    }

    public static Result<EnvironmentSpec> TakeBack(string location, EnvironmentSpec spec)
    {
        if (spec.DayTwo.DrainedLocations.Count == 0)
        {
            return OperationErrors.NotNow("Every edge location is in service; there is none to take back.");
        }

        if (Unknown(location, spec) is { } unknown)
        {
            return unknown;
        }

        return spec.DayTwo.DrainedLocations.Contains(location)
            ? spec with { DayTwo = spec.DayTwo with { DrainedLocations = [.. spec.DayTwo.DrainedLocations.Where(each => each != location)] } }
            : OperationErrors.NotNow($"{location} is in service.");
    }

    private static Error? Unknown(string location, EnvironmentSpec spec) =>
        spec.Edge.Locations.Contains(location) ? null : OperationErrors.NoLocation(location, spec.Edge.Locations);
}
