using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Operations;

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
    public static OperationBody Of(OperationOffer offer) => new(
        offer.Kind, offer.Component?.Slug(), offer.Title, offer.Effect, [.. offer.Values.Select(OperationValueBody.Of)], offer.ReplacesData, offer.NeedsApproval, offer.WhyNot);
}

/// <param name="Proposal">What is proposed for it; empty when nothing is.</param>
public sealed record OperationValueBody(string Name, string Label, string Proposal, bool IsNumber, bool IsOptional)
{
    public static OperationValueBody Of(OperationValue value) => new(value.Name, value.Label, value.Proposal, value.IsNumber, value.IsOptional);
}
