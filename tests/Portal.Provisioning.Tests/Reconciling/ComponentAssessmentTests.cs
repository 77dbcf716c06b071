using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;

namespace Portal.Provisioning.Tests.Reconciling;

public sealed class ComponentAssessmentTests
{
    private const string CannotPull = """{phase: Pending, containerStatuses: [{name: app, image: "shop:2", ready: false, restartCount: 0, state: {waiting: {reason: ImagePullBackOff, message: "manifest unknown: not found"}}}]}""";
    private const string Crashing = "{phase: Running, containerStatuses: [{name: app, ready: false, restartCount: 6, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}]}";
    private const string Starting = "{phase: Pending, containerStatuses: [{name: app, ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]}";
    private const string Running = """{phase: Running, conditions: [{type: Ready, status: "True"}], containerStatuses: [{name: app, ready: true, restartCount: 0, state: {running: {}}}]}""";
    private const string Evicted = "{phase: Failed, reason: Evicted, message: The node was low on memory}";
    private const string NotReady = """{phase: Running, conditions: [{type: Ready, status: "False"}], containerStatuses: [{name: app, ready: false, restartCount: 0, state: {running: {startedAt: "2026-11-23T03:00:00Z"}}}]}""";
    private const string NoRoom = """{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available: 3 Insufficient cpu."}]}""";
    private const string NoVolume = """{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]}""";

    private static readonly KubeObject s_service = ManifestYaml.Read("{apiVersion: v1, kind: Service, metadata: {name: mysql, namespace: n}, spec: {type: ClusterIP}}");
    private static readonly KubeObject s_budget = ManifestYaml.Read(
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: mysql, namespace: n, generation: 1}, status: {observedGeneration: 1, currentHealthy: 1, desiredHealthy: 2, expectedPods: 3}}");

    private static readonly KubeObject s_set = Set("replicas: 2, readyReplicas: 1, updatedReplicas: 2, currentRevision: a, updateRevision: a");

    [Fact]
    public void Assess_NothingOfItThere_IsMissing() =>
        Assert.Equal(HealthStatus.Missing, ComponentAssessment.Assess(Component.MySql, [Manifest(s_service), Manifest(s_set)], LiveStack.Of(null)).Status);

    [Fact]
    public void Assess_OnlyPartOfItThere_IsProgressingAndNamesWhatIsMissing()
    {
        var report = ComponentAssessment.Assess(Component.MySql, [Manifest(s_service), Manifest(s_set)], LiveStack.Of(null, [s_service]));

        Assert.Equal(HealthStatus.Progressing, report.Status);
        Assert.Contains("StatefulSet/n/mysql", report.Message, StringComparison.Ordinal);
    }

    // The edges wait for a Secret that cert-manager has yet to make: what cert-manager says is what people need, and it is no failure while it works.
    [Fact]
    public void Assess_PodsThatWaitForAnIssuedSecret_SayWhatCertManagerSays()
    {
        var certificate = ManifestYaml.Read("""
            {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: edge-issued-1, namespace: n, generation: 1},
             spec: {secretName: edge-issued-1, dnsNames: [a.example], issuerRef: {kind: ClusterIssuer, name: ca}},
             status: {conditions: [{type: Ready, status: "False", reason: DoesNotExist, message: Issuing certificate as Secret does not exist}]}}
            """);
        var pod = PodOfSet("mysql-1", "a", Starting);
        pod.Root["metadata"]!["uid"] = "u1";
        pod.Root["spec"] = ManifestYaml.Read("{nodeName: node-1}").Root;
        var mount = ManifestYaml.Read("""
            {apiVersion: v1, kind: Event, metadata: {name: e, namespace: n}, involvedObject: {kind: Pod, namespace: n, name: mysql-1, uid: u1}, type: Warning, reason: FailedMount,
             message: 'MountVolume.SetUp failed for volume "tls" : secret "edge-issued-1" not found', lastTimestamp: "2026-11-23T03:05:00Z", count: 7}
            """);

        var report = ComponentAssessment.Assess(Component.MySql, [Manifest(s_set), Manifest(certificate)], LiveStack.Of(null, [s_set, certificate, pod]), [mount]);

        Assert.Equal((HealthStatus.Progressing, false), (report.Status, report.IsLasting));
        Assert.Contains("secret \"edge-issued-1\" not found", report.Message, StringComparison.Ordinal);
        Assert.Contains("Waiting for ClusterIssuer/ca to issue it (DoesNotExist)", report.Message, StringComparison.Ordinal);
        Assert.Contains("may sign for a.example", report.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Assess_BudgetAndSetBothWait_SpeaksOfTheSet()
    {
        var report = Assess([s_service, s_budget, s_set]);

        Assert.Equal(HealthStatus.Progressing, report.Status);
        Assert.StartsWith("StatefulSet/mysql:", report.Message, StringComparison.Ordinal);
        Assert.Null(report.NextStep);
    }

    [Fact]
    public void Assess_PodThatCannotPull_IsDegradedInThePodsWords()
    {
        var report = Assess([s_service, s_set, PodOfSet("mysql-1", "a", CannotPull)]);

        Assert.Equal("Pod/n/mysql-1: The image shop:2 of container app cannot be pulled: manifest unknown: not found.", report.Message);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Image, true), (report.Status, report.Cause, report.IsLasting));
        Assert.Equal(NextSteps.For(HealthCause.Image), report.NextStep);
    }

    [Fact]
    public void Assess_PodsOfOthers_DoNotCount()
    {
        var elsewhere = PodOfSet("mysql-1", "a", CannotPull);
        var backup = Pod("mysql-backup-1", "Job", "mysql-backup-29", "", Evicted);

        Assert.Equal(HealthStatus.Healthy, ComponentAssessment.Assess(Component.Redis, [Manifest(s_service)], LiveStack.Of(null, [s_service, elsewhere])).Status);
        Assert.Equal(HealthStatus.Progressing, Assess([s_set, backup]).Status);
    }

    [Fact]
    public void Assess_NewPodsFailWhileOldOnesServe_IsDegradedAndSaysSo()
    {
        var report = Assess([Web("replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2"), PodOfWeb("old", 1, "shop:1", Running), PodOfWeb("old", 2, "shop:1", Running), PodOfWeb("new", 3, "shop:2", CannotPull)]);

        Assert.Equal(
            "The new version does not start: Pod/n/web-new-3: The image shop:2 of container app cannot be pulled: manifest unknown: not found; 2 pods of the old version still serve.",
            report.Message);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Image, true), (report.Status, report.Cause, report.IsLasting));
    }

    /// <summary>Status and pods are read one after the other, so the one may be ahead of the other.</summary>
    [Fact]
    public void Assess_DeploymentLooksWellWhileOldPodsServeAndNewOnesFail_IsDegraded()
    {
        var report = Assess([Web("replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2"), PodOfWeb("old", 1, "shop:1", Running), PodOfWeb("new", 2, "shop:2", Crashing)]);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.EndsWith("1 pod of the old version still serves.", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assess_OldPodsFailWhileNewOnesStart_IsProgressing()
    {
        var report = Assess([Web("replicas: 3, updatedReplicas: 1, readyReplicas: 0"), PodOfWeb("old", 1, "shop:1", Crashing), PodOfWeb("new", 3, "shop:2", Starting)]);

        Assert.Equal("Deployment/web: 1 of 2 pods run the new version; waiting for the rest.", report.Message);
        Assert.Equal(HealthStatus.Progressing, report.Status);
    }

    [Fact]
    public void Assess_RolledBackToAnOlderReplicaSet_TakesItsPodsForTheNewest()
    {
        var report = Assess([
            Web("replicas: 3, updatedReplicas: 1, readyReplicas: 1"), ReplicaSet("first", 3), ReplicaSet("second", 2),
            PodOfWeb("second", 5, "shop:2", Crashing), PodOfWeb("first", 6, "shop:2", Starting)]);

        Assert.Equal(HealthStatus.Progressing, report.Status);
    }

    [Fact]
    public void Assess_NewPodsCannotBeCreatedWhileOldOnesServe_SaysBoth()
    {
        var refused = """conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: 'pods "web-new-x" is forbidden: exceeded quota: environment, requested: pods=1, used: pods=20, limited: pods=20'}]""";
        var report = Assess([Web($"replicas: 1, updatedReplicas: 0, readyReplicas: 1, {refused}"), PodOfWeb("old", 1, "shop:1", Running)]);

        Assert.StartsWith("The new version does not start: Deployment/web: Pods cannot be created: pods \"web-new-x\" is forbidden: exceeded quota", report.Message, StringComparison.Ordinal);
        Assert.EndsWith("; 1 pod of the old version still serves.", report.Message, StringComparison.Ordinal);
        Assert.Equal(HealthCause.Quota, report.Cause);
    }

    [Fact]
    public void Assess_DeadlineHasPassed_TellsWhatThePodsWaitFor()
    {
        var report = Assess(
            [Web("replicas: 2, updatedReplicas: 2, conditions: [{type: Progressing, status: \"False\", reason: ProgressDeadlineExceeded}]"), PodOfWeb("new", 1, "shop:2", NotReady)],
            Event("web-new-1", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"));

        Assert.Contains("did not finish within its deadline", report.Message, StringComparison.Ordinal);
        Assert.EndsWith("Pod/n/web-new-1: 0 of 1 containers are ready; waiting for app to answer its readiness probe: Readiness probe failed: HTTP probe failed with statuscode: 503.", report.Message, StringComparison.Ordinal);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Probe, true), (report.Status, report.Cause, report.IsLasting));
    }

    [Fact]
    public void Assess_NoNodeHasRoom_IsDegradedButMayPass()
    {
        var report = Assess([Web("replicas: 2, updatedReplicas: 2"), PodOfWeb("new", 1, "shop:2", NoRoom)]);

        Assert.Equal((HealthStatus.Degraded, HealthCause.Scheduling, false), (report.Status, report.Cause, report.IsLasting));
    }

    [Fact]
    public void Assess_EvictedPodOfADeployment_IsAReasonAndNoFailure()
    {
        var web = Web("replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1");

        var replaced = Assess([web, PodOfWeb("new", 1, "shop:2", Evicted), PodOfWeb("new", 2, "shop:2", Starting)]);
        var gone = Assess([web, PodOfWeb("new", 1, "shop:2", Evicted)]);

        Assert.Equal((HealthStatus.Progressing, HealthCause.None), (replaced.Status, replaced.Cause));
        Assert.Equal((HealthStatus.Progressing, HealthCause.Eviction), (gone.Status, gone.Cause));
    }

    [Fact]
    public void Assess_PodWaitsForAClaimThatCannotBeMade_SpeaksOfTheClaim()
    {
        var pod = PodOfSet("mysql-1", "a", NoVolume);
        pod.Root["spec"]!["volumes"] = ManifestYaml.Read("{volumes: [{name: data, persistentVolumeClaim: {claimName: data-mysql-1}}]}").Root["volumes"]!.DeepClone();
        var claim = ManifestYaml.Read("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-mysql-1, namespace: n, uid: data-mysql-1}, status: {phase: Pending}}");

        var report = Assess([s_set, pod, claim], Event("data-mysql-1", "ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found"));

        Assert.Equal("PersistentVolumeClaim/n/data-mysql-1: No volume can be made for it: storageclass.storage.k8s.io \"fast\" not found.", report.Message);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Volume), (report.Status, report.Cause));
    }

    [Fact]
    public void Assess_SetWithoutPods_TellsFromEventsWhy()
    {
        var set = Set("replicas: 0");

        var report = Assess([set], Event("mysql", "FailedCreate", "create Pod mysql-0 in StatefulSet mysql failed error: pods \"mysql-0\" is forbidden: exceeded quota: environment"));

        Assert.Equal("StatefulSet/mysql: Pods cannot be created: pods \"mysql-0\" is forbidden: exceeded quota: environment.", report.Message);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Quota), (report.Status, report.Cause));
    }

    [Fact]
    public void Assess_BrokenOldPodOfASet_IsWhatTheNewVersionWaitsFor()
    {
        var set = Set("replicas: 3, readyReplicas: 2, updatedReplicas: 1, currentRevision: a, updateRevision: b");

        var report = Assess([set, PodOfSet("mysql-0", "a", Running), PodOfSet("mysql-1", "a", Crashing), PodOfSet("mysql-2", "b", Running)]);

        Assert.Equal("Pod/n/mysql-1: Container app keeps crashing: it ended with code 1; 6 restarts so far. The new version waits for this pod of the old one.", report.Message);
        Assert.Equal((HealthStatus.Degraded, false), (report.Status, report.IsLasting));
    }

    [Fact]
    public void Assess_JobThatTriesAgain_IsProgressingWithTheReasonOfTheFailedTry()
    {
        var job = ManifestYaml.Read("{apiVersion: batch/v1, kind: Job, metadata: {name: topics, namespace: n}, status: {failed: 1}}");
        var tried = Pod("topics-1", "Job", "topics", "", "{phase: Failed, containerStatuses: [{name: app, state: {terminated: {exitCode: 7}}}]}");

        var report = Assess([job, tried]);

        Assert.Equal("Job/topics: The job has not started a pod yet, after 1 failed try. Pod/n/topics-1: Container app ended with code 7.", report.Message);
        Assert.Equal((HealthStatus.Progressing, HealthCause.Crash), (report.Status, report.Cause));
    }

    [Fact]
    public void Assess_JobThatGaveUp_IsDegradedWithTheReasonOfItsLastPod()
    {
        var job = ManifestYaml.Read("{apiVersion: batch/v1, kind: Job, metadata: {name: topics, namespace: n}, status: {conditions: [{type: Failed, status: \"True\", reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}");
        var tried = Pod("topics-1", "Job", "topics", "", "{phase: Failed, containerStatuses: [{name: app, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]}");

        var report = Assess([job, tried]);

        Assert.Equal("Job/topics: The job failed: Job has reached the specified backoff limit. Pod/n/topics-1: Container app ran out of memory.", report.Message);
        Assert.Equal((HealthStatus.Degraded, HealthCause.Memory, true), (report.Status, report.Cause, report.IsLasting));
    }

    [Fact]
    public void Assess_JobThatGaveUpWithLastWords_SaysThemAndWhatToDo()
    {
        var job = ManifestYaml.Read("{apiVersion: batch/v1, kind: Job, metadata: {name: check, namespace: n}, status: {conditions: [{type: Failed, status: \"True\", reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}");
        var tried = Pod("check-1", "Job", "check", "", "{phase: Failed, containerStatuses: [{name: app, state: {terminated: {exitCode: 1, message: \"Nobody answers.\\nTo do: Look behind it.\\n\"}}}]}");

        var report = Assess([job, tried]);

        Assert.Equal("Job/check: The job failed: Job has reached the specified backoff limit. Pod/n/check-1: Container app ended with code 1: Nobody answers.", report.Message);
        Assert.Equal(("Look behind it.", HealthCause.Crash, true), (report.NextStep, report.Cause, report.IsLasting));
    }

    [Fact]
    public void Assess_SuspendedScheduleBesideWhatRuns_IsHealthy()
    {
        var report = Assess([Web("replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2"), Schedule(true)]);

        Assert.Equal((HealthStatus.Healthy, true), (report.Status, report.IsSettled));
        Assert.Equal("All 2 objects are healthy or at rest.", report.Message);
    }

    [Fact]
    public void Assess_AllThatRunsIsSuspended_IsSuspended()
    {
        var web = ManifestYaml.Read("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: n, generation: 1}, spec: {replicas: 0}, status: {observedGeneration: 1}}");
        var done = ManifestYaml.Read("{apiVersion: batch/v1, kind: Job, metadata: {name: topics, namespace: n}, status: {conditions: [{type: Complete, status: \"True\"}]}}");

        Assert.Equal((HealthStatus.Suspended, true), (Assess([s_service, web, Schedule(true), done]).Status, Assess([web]).IsSettled));
        Assert.Equal(HealthStatus.Healthy, Assess([s_service, web, Schedule(false)]).Status);
        Assert.Equal(HealthStatus.Healthy, Assess([s_service, done]).Status);
    }

    /// <summary>What no controller makes counts as rendered.</summary>
    private static HealthReport Assess(IReadOnlyList<KubeObject> live, params KubeObject[] events) => ComponentAssessment.Assess(
        Component.MySql, [.. live.Where(each => each.Kind is not ("Pod" or "ReplicaSet" or "PersistentVolumeClaim")).Select(Manifest)], LiveStack.Of(null, live), events);

    private static Manifest Manifest(KubeObject rendered) => new(Component.MySql, rendered);

    private static KubeObject Set(string status) => ManifestYaml.Read(
        $$$"""{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: mysql, namespace: n, uid: mysql, generation: 1}, spec: {replicas: 3}, status: {observedGeneration: 1, {{{status}}} } }""");

    private static KubeObject Web(string status) => ManifestYaml.Read(
        $$$"""
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: n, generation: 1},
         spec: {replicas: 2, template: {spec: {containers: [{name: app, image: "shop:2"}]} } }, status: {observedGeneration: 1, {{{status}}} } }
        """);

    private static KubeObject ReplicaSet(string hash, int revision) => ManifestYaml.Read(
        $$$"""{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-{{{hash}}}, namespace: n, labels: {pod-template-hash: {{{hash}}}}, annotations: {deployment.kubernetes.io/revision: "{{{revision}}}"} } }""");

    private static KubeObject Schedule(bool suspended) => ManifestYaml.Read(
        $$$"""{apiVersion: batch/v1, kind: CronJob, metadata: {name: backup, namespace: n}, spec: {schedule: "0 3 * * *", suspend: {{{(suspended ? "true" : "false")}}}}}""");

    private static KubeObject PodOfSet(string name, string revision, string status) => Pod(name, "StatefulSet", "mysql", $"controller-revision-hash: {revision}", status);

    private static KubeObject PodOfWeb(string hash, int number, string image, string status)
    {
        var pod = Pod($"web-{hash}-{number}", "ReplicaSet", $"web-{hash}", $"pod-template-hash: {hash}", status);
        pod.Root["metadata"]!["creationTimestamp"] = $"2026-11-23T03:00:0{number}Z";
        pod.Root["spec"]!["containers"]![0]!["image"] = image;
        return pod;
    }

    private static KubeObject Pod(string name, string kind, string owner, string label, string status) => ManifestYaml.Read(
        $$$"""
        {apiVersion: v1, kind: Pod,
         metadata: {name: {{{name}}}, namespace: n, uid: {{{name}}}, labels: {app.kubernetes.io/component: mysql, {{{label}}}}, ownerReferences: [{kind: {{{kind}}}, name: {{{owner}}}, controller: true}]},
         spec: { {{{(status.Contains("Unschedulable", StringComparison.Ordinal) ? "" : "nodeName: node-1, ")}}}containers: [{name: app, image: "shop:2"}]}, status: {{{status}}}}
        """);

    private static KubeObject Event(string about, string reason, string message)
    {
        var said = ManifestYaml.Read($$$"""{apiVersion: v1, kind: Event, metadata: {name: e, namespace: n}, involvedObject: {uid: {{{about}}}}, type: Warning, reason: {{{reason}}}, count: 5, lastTimestamp: "2026-11-23T04:00:00Z"}""");
        said.Root["message"] = message;
        return said;
    }
}
