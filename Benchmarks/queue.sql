-- The statements of one lease and one success, as the job store sends them, for pgbench: grouped into the same round trips.
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
\endpipeline
\startpipeline
SELECT n.tag, n.request_id FROM bench.job_run n JOIN bench.job_request r USING (tag, request_id) WHERE n.owner IS NOT NULL AND (n.leased_until <= 1 OR n.leased_until IS NULL) ORDER BY n.tag, n.request_id LIMIT 64 FOR UPDATE OF r, n SKIP LOCKED;
SELECT n.tag, n.request_id FROM bench.job_run n WHERE n.owner IS NOT NULL AND (n.leased_until <= 1 OR n.leased_until IS NULL) AND NOT EXISTS (SELECT FROM bench.job_request r WHERE r.tag = n.tag AND r.request_id = n.request_id) ORDER BY n.tag, n.request_id LIMIT 64 FOR UPDATE OF n SKIP LOCKED;
SELECT n.tag, n.request_id FROM bench.job_run n JOIN bench.job_request r USING (tag, request_id) WHERE n.will_retry AND (n.not_before <= 1 OR n.not_before IS NULL) AND upper(r.status::text) = 'FAILED' ORDER BY n.tag, n.request_id LIMIT 64 FOR UPDATE OF r, n SKIP LOCKED;
SELECT r.requested_channel::text, n.share_key, n.first_leased_at FROM bench.job_run n JOIN bench.job_request r USING (tag, request_id) WHERE n.owner IS NOT NULL AND upper(r.status::text) = 'PROCESSING';
WITH RECURSIVE c (name) AS ((SELECT (coalesce(r.requested_channel::text, '') COLLATE "C") FROM bench.job_request r WHERE upper(r.status::text) = 'SUBMITTED' ORDER BY (coalesce(r.requested_channel::text, '') COLLATE "C") LIMIT 1) UNION ALL SELECT (SELECT (coalesce(r.requested_channel::text, '') COLLATE "C") FROM bench.job_request r WHERE upper(r.status::text) = 'SUBMITTED' AND (coalesce(r.requested_channel::text, '') COLLATE "C") > c.name ORDER BY (coalesce(r.requested_channel::text, '') COLLATE "C") LIMIT 1) FROM c WHERE c.name IS NOT NULL) SELECT name, (SELECT r.dt_job_submitted::text FROM bench.job_request r WHERE upper(r.status::text) = 'SUBMITTED' AND (coalesce(r.requested_channel::text, '') COLLATE "C") = c.name ORDER BY r.dt_job_submitted NULLS FIRST, r.tag COLLATE "C", r.request_id COLLATE "C" LIMIT 1) FROM c WHERE name IS NOT NULL;
SELECT channel, count(*), sum(csv_bytes)::bigint FROM bench.job_batch WHERE finished_at > 1 GROUP BY channel;
\endpipeline
SELECT r.tag::text AS tag, r.request_id::text AS id FROM bench.job_request r LEFT JOIN bench.job_run n ON n.tag = r.tag AND n.request_id = r.request_id WHERE upper(r.status::text) = 'SUBMITTED' AND (coalesce(r.requested_channel::text, '') COLLATE "C") = 'org' AND (n.not_before IS NULL OR n.not_before <= 1) ORDER BY r.dt_job_submitted NULLS FIRST, r.tag COLLATE "C", r.request_id COLLATE "C" LIMIT 1 FOR UPDATE OF r SKIP LOCKED \gset
\startpipeline
SELECT r.* FROM bench.job_request r WHERE r.tag = :tag::text AND r.request_id = :id::text FOR UPDATE;
SELECT n.* FROM bench.job_run n WHERE tag = :tag::text AND request_id = :id::text FOR UPDATE;
\endpipeline
\startpipeline
UPDATE bench.job_request SET status = 'PROCESSING' WHERE tag = :tag::text AND request_id = :id::text;
INSERT INTO bench.job_run (tag, request_id, password_hash, fencing, owner, leased_until, lost_leases, will_retry, cancel_wished, first_leased_at, learners_done, learners_expected, row_count, publishing, files, share_key) VALUES (:tag::text, :id::text, '', 1, 'bench', 9000000000000, 0, false, false, 1, 0, 0, 0, '[]', '[]', :id::text);
COMMIT;
\endpipeline
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
\endpipeline
\startpipeline
SELECT r.* FROM bench.job_request r WHERE r.tag = :tag::text AND r.request_id = :id::text FOR UPDATE;
SELECT n.* FROM bench.job_run n WHERE tag = :tag::text AND request_id = :id::text FOR UPDATE;
\endpipeline
\startpipeline
UPDATE bench.job_request SET status = 'SUCCESS', dt_job_completed = now()::timestamp, execution_time = 1 WHERE tag = :tag::text AND request_id = :id::text;
UPDATE bench.job_run SET owner = NULL, leased_until = NULL, receipt = '{}' WHERE tag = :tag::text AND request_id = :id::text;
SELECT n.tag, n.request_id FROM bench.job_run n JOIN bench.job_request r USING (tag, request_id) WHERE n.share_key = :id::text AND upper(r.status::text) IN ('SUBMITTED', 'FAILED') ORDER BY n.tag, n.request_id;
\endpipeline
COMMIT;
