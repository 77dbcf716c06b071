namespace Portal.Provisioning.Tests.Blueprint;

public sealed class StackRulesTests
{
    public static TheoryData<string> Rules => [.. StackRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Stack_OfEveryCase_KeepsEveryRule(string name)
    {
        var stack = StackCase.Named(name).Render();

        Assert.Empty(StackRules.All.SelectMany(rule => rule.Violations(stack).Select(violation => $"{rule}: {violation}")));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_OnABrokenStack_Fails(string name)
    {
        var rule = StackRules.All.Single(rule => rule.Name == name);
        var stack = StackCase.Named("Medium-Production-basic").Render();

        rule.Break(stack);

        Assert.NotEmpty(rule.Violations(stack));
    }
}
