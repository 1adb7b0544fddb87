{{- define "exhaust.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* 40 characters leave room for the names of parts and of cron jobs' pods. */}}
{{- define "exhaust.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "exhaust.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "exhaust.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "exhaust.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "exhaust.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "exhaust.secretName" -}}
{{- if .Values.secret.create -}}
{{- include "exhaust.fullname" . -}}
{{- else -}}
{{- required "secret.existing: name the secret that holds the passwords, or set secret.create" .Values.secret.existing -}}
{{- end -}}
{{- end -}}

{{- define "exhaust.claimName" -}}
{{- default (printf "%s-data" (include "exhaust.fullname" .)) .Values.data.persistence.existingClaim -}}
{{- end -}}

{{- define "exhaust.image" -}}
{{- $name := .Values.image.repository -}}
{{- if .Values.image.registry -}}{{- $name = printf "%s/%s" .Values.image.registry $name -}}{{- end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $name .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What selects pods; never changes. */}}
{{- define "exhaust.selector" -}}
app.kubernetes.io/name: {{ include "exhaust.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "exhaust.labels" -}}
{{ include "exhaust.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "exhaust.annotations" -}}
{{- with .Values.commonAnnotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The values that the chart uses; a check compares them with values.yaml. */}}
{{- define "exhaust.knownValues" -}}
cassandra_hierarchy_store_keyspace commonAnnotations commonLabels core_cassandra_host course_keyspace data
data_exhaust_batch_limit_per_request exhaust_batches_limit_per_channel exhaust_file_size_limit_bytes_per_channel
exhaust_job_assessment_primary_category expire extraVolumeMounts extraVolumes fullnameOverride global image
imagePullSecrets import learners migrate nameOverride networkPolicy podSecurityContext postgres_db postgres_schema
postgres_sslmode postgres_table_job_request_name redis report_user_table_keyspace search secret securityContext
serve service serviceAccount serviceMonitor settings sparkUserDbRedisIndex storage
sunbird_course_redis_relation_cache_id sunbird_userorg_service_url toolbox user_profile_read_url
user_table_keyspace worker workOnce
{{- end -}}
