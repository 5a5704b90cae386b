CREATE LANGUAGE other HANDLER plpgsql_call_handler;
