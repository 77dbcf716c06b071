using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Testing;

namespace Portal.Core.Tests.Operations;

/// <summary>Edge locations go out of service and come back; one always answers.</summary>
public sealed class EdgeOperationTests
{
    private static readonly EnvironmentSpec s_two = ASpec.Medium() with { Edge = ASpec.Medium().Edge with { Locations = ["jakarta", "singapore"] } };

    [Fact]
    public void DrainThenTakeBack_IsTheSpecThatWasBefore()
    {
        var drained = OperationRules.Apply(new Operation.DrainLocation("singapore"), s_two).Value;
        var back = OperationRules.Apply(new Operation.TakeBackLocation("singapore"), drained).Value;

        Assert.Equal(["singapore"], drained.DayTwo.DrainedLocations);
        Assert.Empty(SpecValidator.Validate(drained, s_two));
        Assert.Empty(SpecValidator.Validate(back, drained));
        Assert.Equal(SpecJson.Write(s_two), SpecJson.Write(back));
        Assert.Null(SpecFollowUp.Next(drained));
    }

    [Fact]
    public void Drain_TheLastOneInService_IsRefusedByTheOperationAndByTheRules()
    {
        var drained = OperationRules.Apply(new Operation.DrainLocation("singapore"), s_two).Value;

        Assert.Contains("jakarta is the only edge location in service", Refusal(new Operation.DrainLocation("jakarta"), drained), StringComparison.Ordinal);
        var all = drained with { DayTwo = drained.DayTwo with { DrainedLocations = ["singapore", "jakarta"] } };
        Assert.Equal("edge.locations", Assert.Single(SpecValidator.Validate(all, drained)).Field);
        var left = drained with { Edge = drained.Edge with { Locations = ["singapore"] } };
        Assert.Equal("edge.locations", Assert.Single(SpecValidator.Validate(left, drained)).Field);
    }

    [Fact]
    public void DrainAndTakeBack_OfWhatTheyCannot_SayWhy()
    {
        var drained = OperationRules.Apply(new Operation.DrainLocation("singapore"), s_two).Value;

        Assert.Contains("is no edge location of this environment. Choose one of jakarta, singapore.", Refusal(new Operation.DrainLocation("tokyo"), s_two), StringComparison.Ordinal);
        Assert.Contains("is drained already", Refusal(new Operation.DrainLocation("singapore"), drained), StringComparison.Ordinal);
        Assert.Contains("none to take back", Refusal(new Operation.TakeBackLocation("jakarta"), s_two), StringComparison.Ordinal);
        Assert.Equal("jakarta is in service.", Refusal(new Operation.TakeBackLocation("jakarta"), drained));
    }

    // A location that is taken away while it is drained must not come up drained when somebody adds it again.
    [Fact]
    public void FollowUp_OfADrainedLocationThatIsGone_ForgetsIt()
    {
        var drained = OperationRules.Apply(new Operation.DrainLocation("singapore"), s_two).Value;
        var gone = drained with { Edge = drained.Edge with { Locations = ["jakarta"] } };

        Assert.Empty(SpecValidator.Validate(gone, drained));
        Assert.Empty(SpecFollowUp.Next(gone)!.DayTwo.DrainedLocations);
        Assert.Equal("Drained and taken away: singapore.", SpecFollowUp.Describe(gone));
    }

    // An update that fails must not put a location in service that somebody is working on.
    [Fact]
    public void Return_ToASpecFromBeforeTheDrain_KeepsItDrainedUnlessNobodyWouldAnswer()
    {
        var drained = OperationRules.Apply(new Operation.DrainLocation("singapore"), s_two).Value;
        var alone = s_two with { Edge = s_two.Edge with { Locations = ["singapore"] } };

        Assert.Equal(["singapore"], SpecGrowth.Return(s_two, drained).DayTwo.DrainedLocations);
        var returned = SpecGrowth.Return(alone, drained);
        Assert.Empty(returned.DayTwo.DrainedLocations);
        Assert.Empty(SpecValidator.Validate(returned, drained));
    }

    [Fact]
    public void ValidateNew_OfASpecReadFromJson_KnowsAnUntouchedOneFromADrainedOne()
    {
        var drained = s_two with { DayTwo = new() { DrainedLocations = ["singapore"] } };

        Assert.Empty(SpecValidator.ValidateNew(SpecJson.Read(SpecJson.Write(s_two))));
        Assert.Equal("dayTwo", Assert.Single(SpecValidator.ValidateNew(drained)).Field);
    }

    [Fact]
    public void Policy_ForDraining_AsksInProductionAloneAndNeverForTakingBack()
    {
        Assert.Equal(1, OperationPolicy.Evaluate(new Operation.DrainLocation("a"), ASpec.Small(Purpose.Production)).RequiredApprovals);
        Assert.Equal(0, OperationPolicy.Evaluate(new Operation.DrainLocation("a"), ASpec.Small(Purpose.Staging)).RequiredApprovals);
        Assert.Equal(0, OperationPolicy.Evaluate(new Operation.TakeBackLocation("a"), ASpec.Small(Purpose.Production)).RequiredApprovals);
    }

    private static string Refusal(Operation operation, EnvironmentSpec spec) => Assert.Single(OperationRules.Apply(operation, spec).Errors).Message;
}
