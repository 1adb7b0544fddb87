{{/* The settings file. What `settings` says counts more. */}}
{{- define "exhaust.settings" -}}
{{- $settings := dict
    "data" "/data"
    "jobs.store" "postgres"
    "postgres.host" .Values.global.postgresql.host
    "postgres.port" (int .Values.global.postgresql.port)
    "postgres.user" .Values.global.postgresql.postgresqlUsername
    "postgres.db" .Values.postgres_db
    "postgres.schema" .Values.postgres_schema
    "postgres.sslmode" .Values.postgres_sslmode
    "postgres.table.job_request" (tpl .Values.postgres_table_job_request_name .)
    "exhaust.batches.limit.per.channel" (int .Values.exhaust_batches_limit_per_channel)
    "exhaust.file.size.limit.per.channel" (toString .Values.exhaust_file_size_limit_bytes_per_channel)
    "data_exhaust.batch.limit.per.request" (int .Values.data_exhaust_batch_limit_per_request)
    "assessment.metrics.supported.primaryCategories" .Values.exhaust_job_assessment_primary_category
    "work.parallelRequests" (int .Values.worker.parallelRequests)
    "run.parallelRanges" (int .Values.worker.parallelRanges)
    "log.format" "json"
-}}
{{- toPrettyJson (mergeOverwrite $settings .Values.settings) -}}
{{- end -}}

{{/* The API does not start while nothing says who may do what; better said here than by pods that restart for ever. */}}
{{- define "exhaust.checkAccess" -}}
{{- $said := false -}}
{{- $settings := include "exhaust.settings" . | fromJson -}}
{{- range list "access.token.keys" "access.consumers" "signIn.issuer" "signIn.portalOrigins" -}}
{{- if index $settings . }}{{ $said = true }}{{ end -}}
{{- end -}}
{{- if not (or $said $settings.access $settings.signIn) -}}
{{- fail "serve: nothing says who may do what; under settings, set access.token.keys (with access.token.issuers), access.consumers, signIn.issuer or signIn.portalOrigins" -}}
{{- end -}}
{{- end -}}

{{/* The variable of a secret setting, without its value: EXHAUST_… */}}
{{- define "exhaust.variable" -}}
EXHAUST_{{ . | replace "." "_" | replace "-" "_" | upper }}
{{- end -}}

{{/* Secrets by the name of their setting, as YAML. */}}
{{- define "exhaust.secrets" -}}
{{- $secrets := dict -}}
{{- with .Values.global.postgresql.postgresqlPassword }}{{ $_ := set $secrets "postgres.pass" . }}{{ end -}}
{{- with .Values.global.random_string }}{{ $_ := set $secrets "pii.salt" . }}{{ end -}}
{{- $secrets = mergeOverwrite $secrets .Values.secret.values -}}
{{- if and (not $secrets.masterKey) (not .Values.data.persistence.enabled) -}}
{{- fail "secret.values.masterKey: without a volume the pods share no key file; make one with `openssl rand -hex 32` and keep it" -}}
{{- end -}}
{{- toYaml $secrets -}}
{{- end -}}
