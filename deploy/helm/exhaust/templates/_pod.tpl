{{/* What every pod has. Call with (dict "root" $ "part" "worker" "args" (list …) "values" .Values.worker) and further keys:
     ports, probes, lifecycle (YAML texts), grace. */}}
{{- define "exhaust.podSpec" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "exhaust.serviceAccountName" $root }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
# The service never talks to Kubernetes.
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- with .grace }}
terminationGracePeriodSeconds: {{ int . }}
{{- end }}
{{- with .restart }}
restartPolicy: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "exhaust.affinity" . }}
{{- if and .migrates $root.Values.migrate.enabled }}
initContainers:
  - name: migrate
    {{- include "exhaust.container.common" . | nindent 4 }}
    args: [migrate]
    resources:
      {{- toYaml .values.resources | nindent 6 }}
{{- end }}
containers:
  - name: {{ .part }}
    {{- include "exhaust.container.common" . | nindent 4 }}
    args:
      {{- toYaml .args | nindent 6 }}
    resources:
      {{- toYaml .values.resources | nindent 6 }}
    {{- with .ports }}
    ports:
      {{- . | nindent 6 }}
    {{- end }}
    {{- with .probes }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with .lifecycle }}
    lifecycle:
      {{- . | nindent 6 }}
    {{- end }}
volumes:
  - name: settings
    configMap:
      name: {{ include "exhaust.fullname" $root }}
  - name: secrets
    secret:
      secretName: {{ include "exhaust.secretName" $root }}
      defaultMode: 0440
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  - name: data
    {{- if $root.Values.data.persistence.enabled }}
    persistentVolumeClaim:
      claimName: {{ include "exhaust.claimName" $root }}
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- if .imports }}
  - name: import
    persistentVolumeClaim:
      claimName: {{ required "import.existingClaim: name the volume with the files to import" $root.Values.import.existingClaim }}
      readOnly: true
  {{- end }}
  {{- with $root.Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "exhaust.container.common" -}}
{{- $root := .root -}}
image: {{ include "exhaust.image" $root | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  {{- toYaml $root.Values.securityContext | nindent 2 }}
env:
  - name: EXHAUST_CONFIG
    value: /etc/exhaust/exhaust.json5
  {{- range $name := include "exhaust.secretNames" $root | fromYamlArray }}
  - name: {{ include "exhaust.variable" $name }}_FILE
    value: /run/secrets/exhaust/{{ $name }}
  {{- end }}
  {{- with .values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumeMounts:
  - {name: settings, mountPath: /etc/exhaust, readOnly: true}
  - {name: secrets, mountPath: /run/secrets/exhaust, readOnly: true}
  - {name: tmp, mountPath: /tmp}
  - {name: data, mountPath: /data}
  {{- if .imports }}
  - {name: import, mountPath: /import, readOnly: true}
  {{- end }}
  {{- with $root.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* The names of the secrets: those that the chart makes, or those that the existing secret is said to have. */}}
{{- define "exhaust.secretNames" -}}
{{- if .Values.secret.create -}}
{{- include "exhaust.secrets" . | fromYaml | keys | sortAlpha | toYaml -}}
{{- else -}}
{{- .Values.secret.keys | sortAlpha | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "exhaust.affinity" -}}
{{- $root := .root -}}
{{- $persistence := $root.Values.data.persistence -}}
{{- $onOneNode := and $persistence.enabled (or (eq $root.Values.learners.source "embedded") (not (has "ReadWriteMany" $persistence.accessModes))) -}}
{{- if .values.affinity }}
affinity:
  {{- toYaml .values.affinity | nindent 2 }}
{{- else if $onOneNode }}
affinity:
  podAffinity:
    # The embedded store is shared through memory, and most volumes go to one node: all users have to be there.
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "exhaust.selector" $root | nindent 12 }}
{{- else }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "exhaust.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ .part }}
{{- end }}
{{- end -}}

{{/* Call with the name of the port. A server stays ready while only what runs and downloads need is out, such as the bucket
     (docs/operations.md); each check gives up after 3 s. */}}
{{- define "exhaust.probes" -}}
startupProbe:
  httpGet: {path: /health, port: {{ . }}}
  periodSeconds: 2
  failureThreshold: 30
livenessProbe:
  httpGet: {path: /health, port: {{ . }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /ready, port: {{ . }}}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 3
{{- end -}}

{{/* A change of settings or secrets restarts the pods. */}}
{{- define "exhaust.podMeta" -}}
annotations:
  checksum/settings: {{ include "exhaust.settings" .root | sha256sum }}
  {{- if .root.Values.secret.create }}
  checksum/secrets: {{ printf "%s%s" (include "exhaust.secrets" .root) (toJson .root.Values.secret.files) | sha256sum }}
  {{- end }}
  {{- with .root.Values.commonAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
labels:
  {{- include "exhaust.labels" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .part }}
{{- end -}}
