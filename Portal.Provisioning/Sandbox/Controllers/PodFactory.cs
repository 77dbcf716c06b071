using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Makes pods from the template of a workload.</summary>
internal static class PodFactory
{
    public static JsonObject Make(StoredObject owner, string name)
    {
        // Made once: what is taken out of the view's template is a reference to its text.
        return Make(owner, owner.View.At("spec", "template") as JsonObject ?? [], name);
    }

    public static JsonObject Make(StoredObject owner, JsonObject template, string name)
    {
        var source = template["metadata"] as JsonObject ?? [];
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = owner.Namespace,
            ["labels"] = source["labels"].Copy() ?? new JsonObject(),
        };
        if (source["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        metadata["ownerReferences"] = new JsonArray(OwnerReference(owner));
        return new JsonObject { ["kind"] = "Pod", ["apiVersion"] = "v1", ["metadata"] = metadata, ["spec"] = template["spec"].Copy() };
    }

    public static JsonObject OwnerReference(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Kind.ApiVersion,
        ["kind"] = owner.Kind.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
