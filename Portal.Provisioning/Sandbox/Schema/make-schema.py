#!/usr/bin/env python3
"""Makes kubernetes.schema from a Kubernetes OpenAPI v2 document: make-schema.py openapi.json > kubernetes.schema

One line per type ("Type name"), then one line per field: name, type, and marks.
  type   str int num bool quantity time any, a type name, []item for lists, {}item for maps
  marks  ! required; map=a,b list keyed by these; set; atomic; merge=k strategic merge key ("merge" alone: by value)
"""
import json, sys

KINDS = """core.v1.Namespace core.v1.Node core.v1.Pod core.v1.Service core.v1.Endpoints discovery.v1.EndpointSlice core.v1.ConfigMap
core.v1.Secret core.v1.ServiceAccount core.v1.PersistentVolumeClaim core.v1.PersistentVolume core.v1.Event core.v1.LimitRange
core.v1.ResourceQuota apps.v1.Deployment apps.v1.ReplicaSet apps.v1.StatefulSet apps.v1.DaemonSet apps.v1.ControllerRevision batch.v1.Job batch.v1.CronJob
autoscaling.v2.HorizontalPodAutoscaler autoscaling.v1.Scale policy.v1.PodDisruptionBudget policy.v1.Eviction networking.v1.NetworkPolicy
networking.v1.Ingress networking.v1.IngressClass rbac.v1.Role rbac.v1.RoleBinding rbac.v1.ClusterRole rbac.v1.ClusterRoleBinding
storage.v1.StorageClass scheduling.v1.PriorityClass coordination.v1.Lease""".split()
defs = json.load(open(sys.argv[1]))["definitions"]
special = {"api.resource.Quantity": "quantity", "meta.v1.Time": "time", "meta.v1.MicroTime": "time", "util.intstr.IntOrString": "any",
           "pkg.runtime.RawExtension": "any", "meta.v1.FieldsV1": "any", "meta.v1.ManagedFieldsEntry": "any"}
# Volume sources of cloud vendors and old drivers: unknown to the blueprint, kept as unstructured values.
skip = {"AWSElasticBlockStore", "Azure", "Ceph", "Cinder", "FC", "Flex", "Flocker", "GCE", "Gluster", "ISCSI", "Photon", "Portworx",
        "Quobyte", "RBD", "ScaleIO", "StorageOS", "Vsphere", "Glusterfs"}
short = lambda ref: ".".join(ref.rsplit("/", 1)[1].split(".")[-3:])
full = {short("/" + k): k for k in defs}
seen, todo = set(), list(KINDS)

def kind_of(s):
    if "$ref" in s:
        name = short(s["$ref"])
        if name in special: return special[name]
        if any(name.split(".")[-1].startswith(p) for p in skip): return "any"
        todo.append(name)
        return name
    t = s.get("type")
    if t == "array": return "[]" + kind_of(s["items"])
    if t == "object": return "{}" + kind_of(s["additionalProperties"]) if "additionalProperties" in s else "any"
    return {"string": "str", "integer": "int", "number": "num", "boolean": "bool"}.get(t, "any")

while todo:
    name = todo.pop(0)
    if name in seen: continue
    seen.add(name)
    d = defs[full[name]]
    print(f"{name}{' atomic' if d.get('x-kubernetes-map-type') == 'atomic' else ''}")
    for field, s in d.get("properties", {}).items():
        marks = []
        if field in d.get("required", []): marks.append("!")
        t = kind_of(s)
        lt = s.get("x-kubernetes-list-type")
        if t.startswith("[]"):
            marks.append({"map": "map=" + ",".join(s.get("x-kubernetes-list-map-keys", [])), "set": "set"}.get(lt, "atomic"))
        if s.get("x-kubernetes-map-type") == "atomic": marks.append("atomic")
        if "merge" in s.get("x-kubernetes-patch-strategy", ""):
            marks.append("merge=" + s.get("x-kubernetes-patch-merge-key", ""))
        print(f"  {field} {t}" + "".join(" " + m for m in marks))
