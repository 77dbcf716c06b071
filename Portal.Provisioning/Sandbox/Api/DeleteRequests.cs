using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers delete, deletecollection and eviction.</summary>
internal sealed class DeleteRequests(ObjectStore store, ObjectDeleter deleter, Admission admission)
{
    public async Task DeleteAsync(ApiCall call)
    {
        var choice = await ChoiceAsync(call);
        admission.AskWebhooks("DELETE", call.Kind, call.Namespace, call.Name);
        var (item, gone) = deleter.Delete(call.Key, choice);
        await ApiResponse.WriteAsync(call.Http, 200, gone ? Success(item) : item.Parse());
    }

    public async Task DeleteCollectionAsync(ApiCall call)
    {
        if (call.Kind == Kinds.Namespace || (call.Kind.Namespaced && call.Namespace is null))
        {
            throw ApiFault.MethodNotAllowed();
        }

        var choice = await ChoiceAsync(call);
        var labels = LabelSelector.Parse(call.Query("labelSelector"));
        var fields = FieldSelector.Parse(call.Kind, call.Query("fieldSelector"));
        var (all, version) = store.List(call.Kind, call.Namespace);
        var chosen = all.Where(item => labels.Matches(item.Labels) && fields.Matches(item)).ToList();
        foreach (var item in chosen)
        {
            admission.AskWebhooks("DELETE", call.Kind, item.Namespace, item.Name);
            deleter.DeleteIfThere(item, choice);
        }

        await ApiResponse.WriteAsync(call.Http, 200, new JsonObject
        {
            ["kind"] = $"{call.Kind.Kind}List",
            ["apiVersion"] = call.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. chosen.Select(item => item.Parse())]),
        });
    }

    /// <summary>Deletes a pod unless a disruption budget forbids it now.</summary>
    public async Task EvictAsync(ApiCall call)
    {
        var body = await BodyReader.ReadAsync(call.Request, call.Aborted) as JsonObject;
        var pod = store.Get(call.Key) ?? throw ApiFault.NotFound(call.Kind, call.Name!);
        EvictionGate.Pass(store, pod, call.DryRun);
        var (item, _) = deleter.Delete(call.Key, DeleteChoice.Read(body?["deleteOptions"] as JsonObject, null, null, call.DryRun));
        await ApiResponse.WriteAsync(call.Http, 201, Success(item));
    }

    private static async Task<DeleteChoice> ChoiceAsync(ApiCall call)
    {
        var body = await BodyReader.ReadAsync(call.Request, call.Aborted) as JsonObject;
        return DeleteChoice.Read(body, call.Query("propagationPolicy"), call.Query("gracePeriodSeconds"), call.DryRun);
    }

    private static JsonObject Success(StoredObject item)
    {
        var details = new JsonObject { ["name"] = item.Name, ["kind"] = item.Kind.Plural, ["uid"] = item.Uid };
        if (item.Kind.Group.Length > 0)
        {
            details["group"] = item.Kind.Group;
        }

        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }
}
