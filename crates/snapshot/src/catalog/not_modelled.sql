-- What is there and snapshots do not hold, so that nothing is left out in silence.
SELECT 'large objects' AS kind, count(*) AS count FROM pg_largeobject_metadata HAVING count(*) > 0
