"""What has to be true of Kubernetes objects that belong together, as far as it shows without a cluster."""

import json
import re
import urllib.parse

NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
# Longest name by kind; a cron job's pods add eleven characters.
LONGEST = {"CronJob": 52, "Service": 63}
# apiVersion by kind: what current clusters serve.
VERSIONS = {
    "ConfigMap": "v1", "Secret": "v1", "Service": "v1", "ServiceAccount": "v1", "PersistentVolumeClaim": "v1",
    "Pod": "v1", "Deployment": "apps/v1", "CronJob": "batch/v1", "PodDisruptionBudget": "policy/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2", "NetworkPolicy": "networking.k8s.io/v1",
    "ServiceMonitor": "monitoring.coreos.com/v1", "PodMonitor": "monitoring.coreos.com/v1", "ScaledObject": "keda.sh/v1alpha1",
    "TriggerAuthentication": "keda.sh/v1alpha1",
}
# Made outside the chart, and named in the values files that are tried.
OUTSIDE = {("Secret", "made-elsewhere"), ("PersistentVolumeClaim", "made-elsewhere"), ("ServiceAccount", "default")}


def pod(found):
    """The pod of an object: its metadata and its spec."""
    kind = found["kind"]
    if kind == "Pod":
        return found
    if kind == "Deployment":
        return found["spec"]["template"]
    if kind == "CronJob":
        return found["spec"]["jobTemplate"]["spec"]["template"]
    return None


def matches(selector, labels):
    return selector.items() <= labels.items()


def faults(objects):
    """Everything wrong with these objects, in words."""
    held = {(found["kind"], found["metadata"]["name"]): found for found in objects}
    if len(held) != len(objects):
        yield "two objects have one name"
    for (kind, name), found in held.items():
        what = f"{kind} {name}"
        if VERSIONS.get(kind) != found["apiVersion"]:
            yield f"{what}: apiVersion {found['apiVersion']}"
        if not NAME.fullmatch(name) or len(name) > LONGEST.get(kind, 253):
            yield f"{what}: not a name that Kubernetes takes"
        for label, value in found["metadata"].get("labels", {}).items():
            if not isinstance(value, str) or len(value) > 63:
                yield f"{what}: label {label} is {value!r}"
        if pod(found):
            yield from (f"{what}: {fault}" for fault in pod_faults(pod(found), held))
        yield from (f"{what}: {fault}" for fault in reference_faults(found, held))


def reference_faults(found, held):
    """References from one object to others."""
    kind, spec = found["kind"], found.get("spec", {})
    templates = [pod(other) for other in held.values() if pod(other)]
    if kind == "Deployment" and not matches(spec["selector"]["matchLabels"], pod(found)["metadata"]["labels"]):
        yield "its selector does not match its own pods"
    if kind == "Service":
        chosen = [template for template in templates if matches(spec["selector"], template["metadata"]["labels"])]
        ports = {
            port["name"] for template in chosen for container in template["spec"]["containers"]
            for port in container.get("ports", [])}
        for port in spec["ports"]:
            if port["targetPort"] not in ports:
                yield f"no pod has the port {port['targetPort']}"
    if kind == "PodDisruptionBudget":
        if not any(matches(spec["selector"]["matchLabels"], template["metadata"]["labels"]) for template in templates):
            yield "it selects no pod"
        if ("minAvailable" in spec) == ("maxUnavailable" in spec):
            yield "it needs exactly one of minAvailable and maxUnavailable"
    if kind == "ServiceMonitor":
        services = [other for (other_kind, _), other in held.items() if other_kind == "Service"]
        if not any(matches(spec["selector"]["matchLabels"], other["metadata"]["labels"]) for other in services):
            yield "it selects no service"
    if kind == "PodMonitor":
        if not any(matches(spec["selector"]["matchLabels"], template["metadata"]["labels"]) for template in templates):
            yield "it selects no pod"
    if kind == "ConfigMap":
        yield from path_faults(json.loads(found["data"]["exhaust.json5"]), held)
    if kind == "NetworkPolicy":
        yield from policy_faults(spec, held, templates)
    for endpoint in spec.get("endpoints", []) + spec.get("podMetricsEndpoints", []):
        credentials = endpoint["authorization"]["credentials"]
        yield from key_faults(held, credentials["name"], credentials["key"])
    if kind in ("HorizontalPodAutoscaler", "ScaledObject"):
        target = spec["scaleTargetRef"]
        deployment = held.get(("Deployment", target["name"]))
        if deployment is None:
            yield f"there is no Deployment {target['name']}"
        elif "replicas" in deployment["spec"]:
            yield f"Deployment {target['name']} sets its number of pods as well"
    if kind == "TriggerAuthentication":
        for reference in spec["secretTargetRef"]:
            yield from key_faults(held, reference["name"], reference["key"])


def path_faults(settings, held):
    """Files that the settings name, and that no pod has."""
    folder = "/run/secrets/exhaust/"
    keys = {key for (kind, _), other in held.items() if kind == "Secret" for key in other.get("data", {})}
    for name, value in settings.items():
        if isinstance(value, str) and value.startswith(folder) and value.removeprefix(folder) not in keys:
            yield f"setting {name} names {value}, which the secret has not"


def policy_faults(spec, held, templates):
    """Whom a network policy keeps out that has to get in, and where it keeps pods from going that they have to."""
    names = {
        port["name"] for template in templates for container in template["spec"]["containers"]
        for port in container.get("ports", [])}
    open_ports = {port["port"] for rule in spec["ingress"] for port in rule["ports"]}
    for port in open_ports - names:
        yield f"no pod has the port {port}"
    for (kind, _), other in held.items():
        for endpoint in other.get("spec", {}).get("endpoints", []) + other.get("spec", {}).get("podMetricsEndpoints", []):
            if not any(endpoint["port"] in {port["port"] for port in rule["ports"]} for rule in spec["ingress"][1:]):
                yield f"{kind} gets nothing from port {endpoint['port']}"
    ways_out = {port["port"] for rule in spec["egress"] for port in rule.get("ports", [])}
    for (kind, _), other in held.items():
        if kind == "ConfigMap":
            for name, port in ports_of(json.loads(other["data"]["exhaust.json5"])).items():
                if port not in ways_out:
                    yield f"pods cannot reach {name} at port {port}"


def ports_of(settings):
    """The ports that these settings make pods go out to, by the name of the setting."""
    ports = {
        name: int(value) for name, value in settings.items()
        if name in ("postgres.port", "profiles.redis.port", "cassandra.port")}
    for name, value in settings.items():
        if isinstance(value, str) and re.match("https?://", value):
            address = urllib.parse.urlsplit(value)
            ports[name] = address.port or {"http": 80, "https": 443}[address.scheme]
    return ports


def key_faults(held, name, key):
    secret = held.get(("Secret", name))
    if secret is None and ("Secret", name) not in OUTSIDE:
        yield f"there is no Secret {name}"
    elif secret is not None and key not in secret.get("data", {}):
        yield f"Secret {name} has no key {key}"


def pod_faults(template, held):
    """What is wrong with a pod: rights, volumes, probes, limits."""
    spec = template["spec"]
    context = spec.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
        yield "it may run as root"
    if spec.get("automountServiceAccountToken") is not False:
        yield "it gets a token for Kubernetes that it does not need"
    account = ("ServiceAccount", spec["serviceAccountName"])
    if account not in held and account not in OUTSIDE:
        yield f"there is no ServiceAccount {account[1]}"
    volumes = {}
    for volume in spec["volumes"]:
        volumes[volume["name"]] = volume
        for key, kind, field in (
            ("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"),
            ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
        ):
            if key in volume and (kind, volume[key][field]) not in held.keys() | OUTSIDE:
                yield f"there is no {kind} {volume[key][field]}"
    for container in spec.get("initContainers", []) + spec["containers"]:
        yield from (f"container {container['name']}: {fault}" for fault in container_faults(container, volumes, held))


def container_faults(container, volumes, held):
    context = container.get("securityContext", {})
    if context.get("readOnlyRootFilesystem") is not True or context.get("allowPrivilegeEscalation") is not False:
        yield "its root file system is writable, or it may gain rights"
    if context.get("capabilities", {}).get("drop") != ["ALL"]:
        yield "it keeps rights"
    if "memory" not in container.get("resources", {}).get("limits", {}):
        yield "its memory has no limit"
    if not re.search(r":[^/]+$|@sha256:", container["image"]) or container["image"].endswith(":latest"):
        yield f"image {container['image']} has no version"
    mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    for name in mounts.values():
        if name not in volumes:
            yield f"it mounts {name}, which is no volume"
    ports = {port["name"] for port in container.get("ports", [])}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        port = container.get(probe, {}).get("httpGet", {}).get("port")
        if port is not None and port not in ports:
            yield f"{probe} asks port {port}, which it has not"
    for variable in container["env"]:
        if variable["name"].endswith("_FILE"):
            folder, key = variable["value"].rsplit("/", 1)
            if folder not in mounts:
                yield f"{variable['name']} is in {folder}, which is not mounted"
            else:
                yield from key_faults(held, volumes[mounts[folder]]["secret"]["secretName"], key)
