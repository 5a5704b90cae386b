CREATE PUBLICATION p WITH (publish = 'insert, update', publish_via_partition_root = true);
