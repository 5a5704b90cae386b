CREATE SUBSCRIPTION s CONNECTION 'host=nowhere password=planted' PUBLICATION p WITH (connect = false, slot_name = other, binary = true, synchronous_commit = local);
