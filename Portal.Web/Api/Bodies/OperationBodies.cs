using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Operations;
using Portal.Core.Operations.Restoring;

namespace Portal.Web.Api.Bodies;

/// <summary>An operation that is wanted.</summary>
public sealed record OperationWishBody
{
    /// <summary>Its word, as the list of operations spells it, for example restart.</summary>
    public required string Operation { get; init; }

    /// <summary>The component that it is about, for those that can be about several.</summary>
    public string? Component { get; init; }

    /// <summary>What else it needs, by name: numbers or texts.</summary>
    public JsonObject? Values { get; init; }

    /// <summary>The environment's name, for an operation that replaces data.</summary>
    public string? Confirm { get; init; }

    public string? Reason { get; init; }

    public OperationWish ToWish() => new(Operation, Component, (Values ?? []).ToDictionary(value => value.Key, value => Text(value.Value)));

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString();
}

/// <param name="WhyNot">Why it cannot be done now; null when it can.</param>
public sealed record OperationBody(
    string Operation, string? Component, string Title, string Effect, IReadOnlyList<OperationValueBody> Values, bool ReplacesData, bool NeedsApproval, string? WhyNot)
{
    public static OperationBody Of(OperationOffer offer, AppEnvironment environment, RestoreChoices choices) => new(
        offer.Kind, offer.Component?.Slug(), offer.Title, offer.Effect, [.. offer.Values.Select(value => OperationValueBody.Of(value, environment, choices))], offer.ReplacesData, offer.NeedsApproval, offer.WhyNot);
}

/// <param name="Proposal">What is proposed for it; empty when nothing is.</param>
/// <param name="Choices">The environments to choose from, for a value that is the id of one; null for any other.</param>
/// <param name="Note">What is missing for there to be any.</param>
public sealed record OperationValueBody(string Name, string Label, string Proposal, bool IsNumber, bool IsOptional, IReadOnlyList<OperationSourceBody>? Choices, string? Note)
{
    public static OperationValueBody Of(OperationValue value, AppEnvironment environment, RestoreChoices choices) => new(
        value.Name, value.Label, value.Proposal, value.IsNumber, value.IsOptional,
        value.IsEnvironment ? [.. choices.Environments.Select(source => OperationSourceBody.Of(source, environment))] : null,
        value.IsEnvironment && !choices.HasObjectStore ? "Backups of other environments need an object store, and this portal has none." : null);
}

/// <summary>An environment whose backup can be restored into another one.</summary>
/// <param name="NeedsApproval">Restoring it here needs an approval.</param>
public sealed record OperationSourceBody(string Id, string Team, string Name, string Purpose, bool IsDeleted, bool NeedsApproval)
{
    public static OperationSourceBody Of(AppEnvironment source, AppEnvironment target) => new(
        source.Id.ToString(), source.Team, source.Name, source.Spec.Purpose.ToString().ToLowerInvariant(), source.IsDeleted,
        OperationPolicy.Evaluate(new Operation.Restore(null, source.Id), target.Spec, DataOrigin.Of(source, target)).RequiredApprovals > 0);
}
