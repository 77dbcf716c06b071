using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Housekeeping;

/// <summary>Removes finished pods, lists volumes that nobody uses, ranks the pods, and keeps room on the nodes for the next scale-out.</summary>
internal static class HousekeepingLayer
{
    private const string Scripts = "janitor-scripts";

    public static void Render(StackContext stack)
    {
        Janitor(stack);
        Priorities.AddClasses(stack);
        if (stack.Spec.Housekeeping.HeadroomPods > 0)
        {
            Headroom(stack);
        }
    }

    private static void Janitor(StackContext stack)
    {
        var workload = new Workload(stack, Component.Housekeeping, "janitor", "janitor", Roles.Janitor) { Account = "janitor" };
        AccessRoles.Add(workload, ("", ["pods"], ["get", "list", "delete"]), ("", ["persistentvolumeclaims"], ["list"]), ("batch", ["jobs"], ["list"]));
        ConfigMaps.Add(stack, Component.Housekeeping, Scripts, ("janitor.sh", Template.Fill("Housekeeping/janitor.sh")));
        var janitor = new ContainerPlan("janitor", Images.Kubectl, new PodSize(50, 128))
        {
            Command = ["/bin/bash", "/scripts/janitor.sh"],
            Env =
            [
                Env.Value("KEEP_HOURS", stack.Spec.Housekeeping.FinishedPodsHours.ToString(CultureInfo.InvariantCulture)),
                Env.Value("SELECTOR", $"{Labels.PartOf}={stack.Identity.Name}"),
                Env.Value("HOME", "/tmp"),
            ],
            Mounts = [Volumes.ReadOnly("scripts", "/scripts"), Volumes.Mount("tmp", "/tmp")],
        };
        var minute = stack.OwnMinute % 30;
        Jobs.AddCron(workload, string.Create(CultureInfo.InvariantCulture, $"{minute},{minute + 30} * * * *"), new PodPlan(Users.Nobody, [janitor])
        {
            UsesApi = true,
            GraceSeconds = 10,
            Volumes = [Volumes.ConfigMap("scripts", Scripts), Volumes.Empty("tmp", 64)],
        }, deadlineSeconds: 600);
    }

    /// <summary>Pods that do nothing and give way to any other, upon which the node autoscaler makes room for them again.</summary>
    private static void Headroom(StackContext stack)
    {
        var name = Priorities.NameOf(stack, Priorities.Headroom);
        var workload = new Workload(stack, Component.Housekeeping, "pause", "headroom", Roles.Headroom);
        var pause = new ContainerPlan("pause", Images.Pause, stack.Spec.Gateway.Size) { DiskMiB = 16 };
        var count = stack.Spec.Housekeeping.HeadroomPods;
        Deployments.Add(workload, new Scale(count, count), new PodPlan(Users.Nobody, [pause]) { PriorityClass = name, GraceSeconds = 0, SafeToEvict = true });
    }
}
