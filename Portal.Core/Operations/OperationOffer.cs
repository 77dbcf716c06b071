using Portal.Core.Environments;

namespace Portal.Core.Operations;

/// <summary>One operation as it is offered for an environment.</summary>
/// <param name="Kind">Its word, as <see cref="OperationReader"/> reads it.</param>
/// <param name="About">The component that it belongs to on a page; <see cref="Component.Base"/> for the whole environment.</param>
/// <param name="Component">The component to name in a wish; null when it is about one thing only.</param>
/// <param name="Effect">What happens, in a sentence.</param>
/// <param name="WhyNot">Why it cannot be done now; null when it can.</param>
public sealed record OperationOffer(
    string Kind, Component About, Component? Component, string Title, string Effect, IReadOnlyList<OperationValue> Values, bool ReplacesData, bool NeedsApproval, string? WhyNot);

/// <summary>A value that an operation takes.</summary>
/// <param name="Proposal">What is proposed for it; empty when nothing is.</param>
/// <param name="IsNumber">A whole number; text otherwise.</param>
/// <param name="IsEnvironment">The id of an environment that can be restored from.</param>
public sealed record OperationValue(string Name, string Label, string Proposal, bool IsNumber = true, bool IsOptional = false, bool IsEnvironment = false);
