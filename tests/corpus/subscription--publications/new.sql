CREATE SUBSCRIPTION s CONNECTION 'host=nowhere password=planted' PUBLICATION q, p WITH (connect = false, slot_name = NONE);
