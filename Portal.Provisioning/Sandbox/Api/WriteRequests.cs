using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers create, update and patch.</summary>
internal sealed class WriteRequests(ObjectWriter writer)
{
    public async Task CreateAsync(ApiCall call)
    {
        if (call.Name is not null)
        {
            throw ApiFault.MethodNotAllowed();
        }

        var root = await BodyReader.ReadObjectAsync(call, call.Aborted);
        if (call.Kind.Namespaced && call.Namespace is null)
        {
            throw ApiFault.BadRequest("an empty namespace may not be set during creation");
        }

        if (root.Section("metadata").Text("resourceVersion") is { Length: > 0 })
        {
            throw ApiFault.BadRequest("resourceVersion should not be set on objects to be created");
        }

        StripStatus(call.Kind, root);
        root.Section("metadata").Remove("managedFields");
        var created = writer.Create(call.Kind, root, call.Updater(), call.DryRun);
        await ApiResponse.WriteAsync(call.Http, 201, created.Utf8);
    }

    public async Task UpdateAsync(ApiCall call)
    {
        if (call.Subresource == "scale")
        {
            await ScaleAsync(call, await BodyReader.ReadAsync(call.Request, call.Aborted) as JsonObject ?? []);
            return;
        }

        var root = await BodyReader.ReadObjectAsync(call, call.Aborted);
        var wanted = root.Section("metadata").Text("resourceVersion");
        var written = writer.Change(
            call.Key,
            old => MatchesVersion(old, wanted) ? (JsonObject)root.DeepClone() : throw ApiFault.Moved(call.Kind, call.Name!),
            call.Updater(),
            call.Subresource == "status",
            call.DryRun);
        await ApiResponse.WriteAsync(call.Http, 200, written.Utf8);
    }

    public async Task PatchAsync(ApiCall call)
    {
        var type = BodyReader.MediaType(call.Request);
        using var text = await RequestText.ReadAsync(call.Request, call.Aborted);
        var body = text.Parse() ?? throw ApiFault.BadRequest("the body of a patch must not be empty");
        if (type == "application/apply-patch+yaml")
        {
            await ApplyAsync(call, text, Configuration(call, body));
            return;
        }

        if (call.Subresource == "scale")
        {
            await ScaleAsync(call, type == "application/merge-patch+json" ? body as JsonObject ?? [] : throw ApiFault.UnsupportedMediaType(type));
            return;
        }

        var written = writer.Change(call.Key, old => Patched(call, type, old, body), call.Updater(), call.Subresource == "status", call.DryRun);
        await ApiResponse.WriteAsync(call.Http, 200, written.Utf8);
    }

    private static JsonObject Patched(ApiCall call, string type, JsonObject old, JsonNode body)
    {
        var version = old.Section("metadata").Text("resourceVersion");
        var next = (type, body) switch
        {
            ("application/json-patch+json", JsonArray patch) => JsonPatch.Apply(old, patch),
            ("application/merge-patch+json", JsonObject patch) => MergePatch.Apply(old, patch),
            ("application/strategic-merge-patch+json", JsonObject patch) when call.Kind != Kinds.VerticalPodAutoscaler =>
                StrategicMergePatch.Apply(call.Kind.Schema, old, patch),
            ("application/json-patch+json" or "application/merge-patch+json", _) => throw ApiFault.BadRequest("the patch has the wrong shape for its content type"),
            _ => throw ApiFault.UnsupportedMediaType(type),
        };
        if (next.Section("metadata").Text("resourceVersion") is { Length: > 0 } wanted && wanted != version)
        {
            throw ApiFault.Moved(call.Kind, call.Name!);
        }

        BodyReader.Unknown(call, next, Decoder.Decode(call.Kind, next));
        return next;
    }

    /// <summary>What an apply wants, checked; the body belongs to it.</summary>
    private static JsonObject Configuration(ApiCall call, JsonNode? body)
    {
        var config = BodyReader.Checked(call, body);
        if (string.IsNullOrEmpty(call.Query("fieldManager")))
        {
            throw ApiFault.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }

        if (config.Section("metadata")["managedFields"] is not null)
        {
            throw ApiFault.BadRequest("metadata.managedFields must be nil");
        }

        if (call.Subresource is not (null or "status"))
        {
            throw ApiFault.NotSupported($"server-side apply on the {call.Subresource} subresource");
        }

        if (call.Subresource is null)
        {
            StripStatus(call.Kind, config);
        }

        config.Section("metadata").Remove("uid");
        config.Section("metadata").Remove("resourceVersion");
        // Written-only fields become data before ownership is computed.
        if (call.Kind == Kinds.Secret && config["stringData"] is not null)
        {
            var type = config["type"].Copy();
            Defaults.Apply(call.Kind, config);
            if (type is null)
            {
                config.Remove("type");
            }
        }

        return config;
    }

    private async Task ApplyAsync(ApiCall call, RequestText text, JsonObject config)
    {
        var statusOnly = call.Subresource == "status";
        var manager = FieldManager.Applying(call.Query("fieldManager")!, call.Kind.ApiVersion, call.Subresource ?? "");
        var force = call.Query("force") is "true" or "1";
        while (true)
        {
            try
            {
                if (!statusOnly && writer.Store.Get(call.Key) is null)
                {
                    // The usual case of an apply, and an exception for each would be dear.
                    await CreateByApplyAsync(call, config, manager, force);
                    return;
                }

                var written = writer.Change(
                    call.Key, old => ServerSideApply.Apply(call.Kind, old, config, manager, force, writer.Now), null, statusOnly, call.DryRun);
                await ApiResponse.WriteAsync(call.Http, 200, written.Utf8);
                return;
            }
            catch (ApiFault fault) when (fault.Code == 404 && !statusOnly && writer.Store.Get(call.Key) is null && (!call.Kind.Namespaced || HasHome(call)))
            {
                // Somebody deleted it in between: create it.
                config = Configuration(call, text.Parse());
            }
            catch (ApiFault fault) when (fault.Reason == "AlreadyExists")
            {
                // Somebody created it in between: apply onto that.
                config = Configuration(call, text.Parse());
            }
        }
    }

    private bool HasHome(ApiCall call) => writer.Store.Get(Kinds.Namespace, "", call.Namespace ?? "") is not null;

    private async Task CreateByApplyAsync(ApiCall call, JsonObject config, FieldManager manager, bool force)
    {
        if (call.Kind.Namespaced && call.Namespace is null)
        {
            throw ApiFault.BadRequest("an empty namespace may not be set during creation");
        }

        var root = ServerSideApply.Apply(call.Kind, null, config, manager, force, writer.Now);
        var created = writer.Create(call.Kind, root, null, call.DryRun);
        await ApiResponse.WriteAsync(call.Http, 201, created.Utf8);
    }

    private async Task ScaleAsync(ApiCall call, JsonObject scale)
    {
        var replicas = (scale["spec"] as JsonObject)?["replicas"];
        if (replicas.AsNumber() is not >= 0)
        {
            throw ApiFault.Invalid(call.Kind, call.Name!, [FieldCause.Invalid("spec.replicas", replicas.Copy(), "must be greater than or equal to 0")]);
        }

        var wanted = (scale["metadata"] as JsonObject)?.Text("resourceVersion");
        var written = writer.Change(
            call.Key,
            old =>
            {
                if (!MatchesVersion(old, wanted))
                {
                    throw ApiFault.Moved(call.Kind, call.Name!);
                }

                old.Section("spec")["replicas"] = replicas.Copy();
                return old;
            },
            call.Updater(),
            statusOnly: false,
            call.DryRun);
        await ApiResponse.WriteAsync(call.Http, 200, ScaleView.Of(written));
    }

    private static bool MatchesVersion(JsonObject old, string? wanted) =>
        string.IsNullOrEmpty(wanted) || wanted == old.Section("metadata").Text("resourceVersion");

    private static void StripStatus(ResourceKind kind, JsonObject root)
    {
        if (kind.HasStatus)
        {
            root.Remove("status");
        }
    }
}
