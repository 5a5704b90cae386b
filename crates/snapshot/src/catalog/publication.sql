SELECT 'publication' AS kind, p.tableoid AS class, p.oid AS object, 0 AS part,
       ARRAY[p.pubname] AS path,
       pg_get_userbyid(p.pubowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         'all_tables', p.puballtables,
         'publish', array_remove(ARRAY[
           CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubinsert THEN 'insert' END,
           CASE WHEN p.pubtruncate THEN 'truncate' END, CASE WHEN p.pubupdate THEN 'update' END], NULL),
         'via_root', p.pubviaroot,
         'generated_columns', CASE p.pubgencols WHEN 's' THEN 'stored' END, -- 18+
         'schemas', (SELECT json_agg(n.nspname ORDER BY n.nspname) -- 15+
                       FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid -- 15+
                      WHERE s.pnpubid = p.oid), -- 15+
         'tables', (
           SELECT json_agg(json_build_object(
                    'columns', (SELECT json_agg(a.attname ORDER BY a.attname) -- 15+
                                  FROM pg_attribute a -- 15+
                                 WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)), -- 15+
                    'filter', pg_get_expr(r.prqual, r.prrelid), -- 15+
                    'table', json_build_array(
                      CASE WHEN c.relispartition THEN 'partition' ELSE 'table' END, n.nspname, c.relname)))
             FROM pg_publication_rel r
             JOIN pg_class c ON c.oid = r.prrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE r.prpubid = p.oid)) AS body
  FROM pg_publication p
