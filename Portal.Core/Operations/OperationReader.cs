using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Core.Operations;

/// <summary>An operation as people and callers write it.</summary>
/// <param name="Kind">Its word, for example <c>restart</c>.</param>
/// <param name="Component">Slug of the component that it is about; null for those that are about one thing only.</param>
/// <param name="Values">What else it needs, by name.</param>
public sealed record OperationWish(string? Kind, string? Component, IReadOnlyDictionary<string, string?> Values);

/// <summary>Reads a wish, or says everything that is wrong with it.</summary>
public static class OperationReader
{
    private static readonly IReadOnlyDictionary<string, Shape> s_shapes = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["scale"] = new(["min", "max"], [.. ServiceSpecs.Components, Component.LoadBalancer, Component.Ingress], (component, values) => new Operation.Scale(component, values.Number("min"), values.Number("max"))),
        ["restart"] = new([], RestartCounts.Restartable, (component, _) => new Operation.Restart(component)),
        ["upgradeImage"] = new(["image"], ServiceSpecs.Components, (component, values) => new Operation.UpgradeImage(component, values.Text("image"))),
        ["startCanary"] = new(["image", "weightPercent", "pods"], CanaryOperations.Components, (component, values) =>
            new Operation.StartCanary(component, values.Text("image"), values.Number("weightPercent"), values.Number("pods"))),
        ["promoteCanary"] = new([], CanaryOperations.Components, (component, _) => new Operation.PromoteCanary(component)),
        ["endCanary"] = new([], CanaryOperations.Components, (component, _) => new Operation.EndCanary(component)),
        ["resizeVolume"] = new(["storageGiB"], [Component.MySql, Component.PubSub, Component.Metrics, Component.Logs], (component, values) => new Operation.ResizeVolume(component, values.Number("storageGiB"))),
        ["rotateCredential"] = new([], [Component.Edge, Component.LoadBalancer, Component.MySql, Component.Redis, Component.PubSub], (component, _) => new Operation.RotateCredential(component)),
        ["scaleEdges"] = new(["pods"], [], (_, values) => new Operation.ScaleEdges(values.Number("pods"))),
        ["drainLocation"] = new(["location"], [], (_, values) => new Operation.DrainLocation(values.Text("location"))),
        ["takeBackLocation"] = new(["location"], [], (_, values) => new Operation.TakeBackLocation(values.Text("location"))),
        ["purgeCache"] = new([], [], (_, _) => new Operation.PurgeCache()),
        ["addReadReplica"] = new([], [], (_, _) => new Operation.AddReadReplica()),
        ["removeReadReplica"] = new([], [], (_, _) => new Operation.RemoveReadReplica()),
        ["promote"] = new(["server"], [], (_, values) => new Operation.Promote(values.Number("server"))),
        ["backUp"] = new([], [], (_, _) => new Operation.BackUp()),
        ["restore"] = new(["backup", "from"], [], (_, values) => new Operation.Restore(values.TextOrNone("backup"), values.EnvironmentOrNone("from"))),
        ["addShards"] = new(["shards"], [], (_, values) => new Operation.AddShards(values.Number("shards"))),
        ["addPartitions"] = new(["partitions"], [], (_, values) => new Operation.AddPartitions(values.Number("partitions"))),
        ["addBrokers"] = new(["brokers"], [], (_, values) => new Operation.AddBrokers(values.Number("brokers"))),
        ["pause"] = new([], [], (_, _) => new Operation.Pause()),
        ["wake"] = new([], [], (_, _) => new Operation.Wake()),
    };

    public static IReadOnlyList<string> Kinds { get; } = [.. s_shapes.Keys];

    /// <summary>The components that a kind of operation can be about; empty for those that are about one thing only.</summary>
    public static IReadOnlyList<Component> ComponentsOf(string kind) => s_shapes[kind].Components;

    public static Result<Operation> Read(OperationWish wish)
    {
        if (wish.Kind is null || !s_shapes.TryGetValue(wish.Kind, out var shape))
        {
            return OperationErrors.Unknown(wish.Kind);
        }

        var errors = wish.Values.Keys.Except(shape.Values).Select(name => OperationErrors.UnknownValue(wish.Kind, name, shape.Values)).ToList();
        var component = Components.FromSlug(wish.Component);
        if (shape.Components.Count == 0 && wish.Component is not null)
        {
            errors.Add(OperationErrors.NoComponent(wish.Kind));
        }
        else if (shape.Components.Count > 0 && (component is not { } named || !shape.Components.Contains(named)))
        {
            errors.Add(OperationErrors.WrongComponent(wish.Kind, wish.Component, shape.Components.Select(each => each.Slug())));
        }

        var values = new Values(wish.Values, errors);
        var operation = errors.Count == 0 ? shape.Make(component ?? Component.Base, values) : null;
        return errors.Count == 0 ? operation! : errors;
    }

    private sealed record Shape(IReadOnlyList<string> Values, IReadOnlyList<Component> Components, Func<Component, Values, Operation> Make);

    /// <summary>Reads values and keeps what is wrong with them.</summary>
    private sealed class Values(IReadOnlyDictionary<string, string?> texts, List<Error> errors)
    {
        public int Number(string name)
        {
            if (int.TryParse(texts.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            errors.Add(OperationErrors.Unreadable(name, "a whole number"));
            return 0;
        }

        public string Text(string name)
        {
            if (TextOrNone(name) is { } text)
            {
                return text;
            }

            errors.Add(OperationErrors.Unreadable(name, "text"));
            return "";
        }

        public EnvironmentId? EnvironmentOrNone(string name)
        {
            var text = TextOrNone(name);
            var id = EnvironmentId.Parse(text);
            if (text is not null && id is null)
            {
                errors.Add(OperationErrors.Unreadable(name, "the id of an environment, or leave it out"));
            }

            return id;
        }

        public string? TextOrNone(string name) => texts.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;
    }
}
