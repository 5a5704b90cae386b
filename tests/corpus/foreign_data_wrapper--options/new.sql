CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true', api_key 'planted');
