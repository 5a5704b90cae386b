CREATE TYPE "time range" AS RANGE (subtype = time, multirange_type_name = "time ranges");
