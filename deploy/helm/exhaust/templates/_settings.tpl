{{/* The kind of file store: s3 or disk. */}}
{{- define "exhaust.storageKind" -}}
{{- $provider := .Values.global.sunbird_cloud_storage_provider | default "" -}}
{{- if .Values.storage.kind -}}
{{- .Values.storage.kind -}}
{{- else if has $provider (list "aws" "s3" "gcloud" "oci") -}}
s3
{{- else if eq $provider "azure" -}}
{{- fail "global.sunbird_cloud_storage_provider is azure, which Exhaust does not write to yet: set storage.kind to s3 (any store with an S3 face) or to disk" -}}
{{- else -}}
disk
{{- end -}}
{{- end -}}

{{- define "exhaust.container" -}}
{{- $container := default .Values.global.private_container_name .Values.storage.container -}}
{{- if eq (include "exhaust.storageKind" .) "s3" -}}
{{- required "storage.container: name the bucket for the files" $container -}}
{{- end -}}
{{- end -}}

{{/* Where S3 requests go: AWS itself, or another store's S3 face. */}}
{{- define "exhaust.s3Endpoint" -}}
{{- $host := .Values.global.object_storage_endpoint | default "" -}}
{{- if and (not $host) (eq (.Values.global.sunbird_cloud_storage_provider | default "") "gcloud") -}}
https://storage.googleapis.com
{{- else if $host -}}
{{- if contains "://" $host }}{{ $host }}{{ else }}https://{{ $host }}{{ end -}}
{{- end -}}
{{- end -}}

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
{{- $settings = merge $settings (include "exhaust.platformSettings" . | fromJson) (include "exhaust.learnerSettings" . | fromJson) -}}
{{- $own := include "exhaust.flat" (dict "prefix" "" "tree" .Values.settings) | fromJson -}}
{{- toPrettyJson (mergeOverwrite $settings $own) -}}
{{- end -}}

{{/* Settings by their whole names, however deep they are written. Call with (dict "prefix" "" "tree" …). */}}
{{- define "exhaust.flat" -}}
{{- $found := dict -}}
{{- $prefix := .prefix -}}
{{- range $name, $value := .tree -}}
{{- if kindIs "map" $value -}}
{{- $found = merge $found (include "exhaust.flat" (dict "prefix" (printf "%s%s." $prefix $name) "tree" $value) | fromJson) -}}
{{- else -}}
{{- $_ := set $found (printf "%s%s" $prefix $name) $value -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* Where learner data is read from; hosts and keyspaces as the installer's chart `dataproducts` names them. */}}
{{- define "exhaust.learnerSettings" -}}
{{- $settings := dict "learners.store" .Values.learners.source -}}
{{- if eq .Values.learners.source "cassandra" -}}
{{- $hosts := default .Values.global.cassandra.host .Values.core_cassandra_host -}}
{{- $_ := set $settings "cassandra.contactPoints" (required "global.cassandra.host: name a node of the cluster" $hosts) -}}
{{- $_ := set $settings "cassandra.port" (int .Values.global.cassandra.port) -}}
{{- $_ := set $settings "cassandra.keyspace.platform" (tpl .Values.user_table_keyspace .) -}}
{{- $_ := set $settings "cassandra.keyspace.courses" (tpl .Values.course_keyspace .) -}}
{{- $_ := set $settings "cassandra.keyspace.enrolments" (tpl .Values.report_user_table_keyspace .) -}}
{{- $_ := set $settings "cassandra.keyspace.hierarchy" (tpl .Values.cassandra_hierarchy_store_keyspace .) -}}
{{- end -}}
{{- toJson $settings -}}
{{- end -}}

{{/* What the platform around it gives: bucket, Redis, services. */}}
{{- define "exhaust.platformSettings" -}}
{{- $settings := dict -}}
{{- if eq (include "exhaust.storageKind" .) "s3" -}}
{{- $settings = dict "files.store" "s3" "parts.store" "s3" "files.s3.bucket" (include "exhaust.container" .)
    "files.s3.prefix" .Values.storage.prefix -}}
{{- with .Values.global.cloud_storage_access_key -}}
{{- if not (has "files.s3.secret" (include "exhaust.secretNames" $ | fromYamlArray)) -}}
{{- fail "global.cloud_storage_access_key: its secret is missing: set global.cloud_storage_secret_key, or have files.s3.secret among secret.keys" -}}
{{- end -}}
{{- $_ := set $settings "files.s3.keyID" . -}}
{{- end -}}
{{- with .Values.global.cloud_storage_region }}{{ $_ := set $settings "files.s3.region" . }}{{ end -}}
{{- with include "exhaust.s3Endpoint" . }}{{ $_ := set $settings "files.s3.endpoint" . }}{{ end -}}
{{- if kindIs "bool" .Values.storage.pathStyle -}}
{{- $_ := set $settings "files.s3.addressing" (ternary "path" "virtual-host" .Values.storage.pathStyle) -}}
{{- end -}}
{{- end -}}
{{- if .Values.redis.enabled -}}
{{- $settings = merge $settings (dict "profiles.source" "redis" "profiles.redis.host" .Values.global.redis.host
    "profiles.redis.port" (int .Values.global.redis.port)
    "profiles.redis.userDatabase" (int .Values.sparkUserDbRedisIndex)
    "profiles.redis.relationDatabase" (int .Values.sunbird_course_redis_relation_cache_id)) -}}
{{- end -}}
{{- with .Values.search.url -}}
{{- $_ := set $settings "services.search.url" . -}}
{{- $_ := set $settings "services.search.path" $.Values.search.path -}}
{{- end -}}
{{- with .Values.sunbird_userorg_service_url -}}
{{- $_ := set $settings "services.preferences.url" (printf "%s/private/v2/org/preferences/read" .) -}}
{{- $_ := set $settings "services.organisations.url" (printf "%s/private/v2/org/search" .) -}}
{{- end -}}
{{- with .Values.user_profile_read_url }}{{ $_ := set $settings "services.users.url" . }}{{ end -}}
{{- toJson $settings -}}
{{- end -}}

{{/* What the API does not start without; better said here than by pods that restart for ever. */}}
{{- define "exhaust.checkAccess" -}}
{{- $settings := include "exhaust.settings" . | fromJson -}}
{{- $said := false -}}
{{- range list "access.token.keys" "access.consumers" "signIn.issuer" "signIn.portalOrigins" -}}
{{- if index $settings . }}{{ $said = true }}{{ end -}}
{{- end -}}
{{- if not $said -}}
{{- fail "serve: nothing says who may do what; under settings, set access.token.keys (with access.token.issuers), access.consumers, signIn.issuer or signIn.portalOrigins" -}}
{{- end -}}
{{- if and (index $settings "http.proxies" | default 0 | int) (not (index $settings "http.address")) -}}
{{- fail "serve: behind a proxy nobody else knows where people reach the service: under settings, set http.address, or http.proxies to 0" -}}
{{- end -}}
{{- if and (index $settings "access.consumers") (not (index $settings "access.onlyGatewayConnects"))
    (not (has "access.gatewaySecret" (include "exhaust.secretNames" . | fromYamlArray))) -}}
{{- fail "serve: whoever can connect could name a consumer: set secret.values.access\\.gatewaySecret (or have it among secret.keys), or settings.access\\.onlyGatewayConnects where the network lets the gateway alone connect" -}}
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
{{- if eq (include "exhaust.storageKind" .) "s3" -}}
{{- with .Values.global.cloud_storage_secret_key }}{{ $_ := set $secrets "files.s3.secret" . }}{{ end -}}
{{- end -}}
{{- $secrets = mergeOverwrite $secrets .Values.secret.values -}}
{{- if and (not $secrets.masterKey) (not .Values.data.persistence.enabled) -}}
{{- fail "secret.values.masterKey: without a volume the pods share no key file; make one with `openssl rand -hex 32` and keep it" -}}
{{- end -}}
{{- range $name, $_ := .Values.secret.files -}}
{{- if hasKey $secrets $name -}}
{{- fail (printf "secret.files: %s is the name of a setting; name the file otherwise" $name) -}}
{{- end -}}
{{- end -}}
{{- toYaml $secrets -}}
{{- end -}}
