-- Subscriptions of this database. Only superusers may read the connection string, and nobody does here. What
-- the majors take for granted about streaming differs, so it is always told.
SELECT 'subscription' AS kind, 'pg_subscription'::regclass::oid AS class, s.oid AS object, 0 AS part, -- 14+
SELECT 'subscription' AS kind, 'pg_subscription'::regclass::oid AS class, 0::oid AS object, -- until 13
       row_number() OVER ()::int AS part, -- until 13
       ARRAY[s.subname] AS path,
       pg_get_userbyid(s.subowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         'publications', (SELECT json_agg(p ORDER BY p) FROM unnest(s.subpublications) AS p),
         'enabled', s.subenabled,
         'options', json_strip_nulls(json_build_object(
           'slot_name', CASE WHEN s.subslotname IS NULL THEN 'NONE' ELSE nullif(s.subslotname, s.subname) END,
           'synchronous_commit', nullif(s.subsynccommit, 'off'), -- 14+
           'binary', CASE WHEN s.subbinary THEN 'true' END, -- 14+
           'streaming', CASE s.substream::text WHEN 'p' THEN 'parallel' WHEN 't' THEN 'on' WHEN 'true' THEN 'on' -- 14+
                                               ELSE 'off' END, -- 14+
           'two_phase', CASE WHEN s.subtwophasestate <> 'd' THEN 'true' END, -- 15+
           'disable_on_error', CASE WHEN s.subdisableonerr THEN 'true' END, -- 15+
           'password_required', CASE WHEN NOT s.subpasswordrequired THEN 'false' END, -- 16+
           'run_as_owner', CASE WHEN s.subrunasowner THEN 'true' END, -- 16+
           'origin', nullif(s.suborigin, 'any'), -- 16+
           'failover', CASE WHEN s.subfailover THEN 'true' END, -- 17+
           'none', NULL))) AS body
  FROM pg_subscription s
 WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
