using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>What a workload's account may do in its own namespace.</summary>
internal static class AccessRoles
{
    public static void Add(Workload workload, params ReadOnlySpan<(string Group, string[] Resources, string[] Verbs)> rules)
    {
        var list = new JsonArray();
        foreach (var (group, resources, verbs) in rules)
        {
            list.Add(Json.Map(("apiGroups", Json.List(group)), ("resources", Json.Texts(resources)), ("verbs", Json.Texts(verbs))));
        }

        workload.Stack.Add(workload.Component, "rbac.authorization.k8s.io/v1", "Role", workload.Account, workload.Labels(), ("rules", list));
        workload.Stack.Add(workload.Component, "rbac.authorization.k8s.io/v1", "RoleBinding", workload.Account, workload.Labels(),
            ("roleRef", Json.Map(("apiGroup", "rbac.authorization.k8s.io"), ("kind", "Role"), ("name", workload.Account))),
            ("subjects", Json.List(Json.Map(("kind", "ServiceAccount"), ("name", workload.Account), ("namespace", workload.Stack.Identity.Namespace)))));
    }
}
