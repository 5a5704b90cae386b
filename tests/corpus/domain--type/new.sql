CREATE DOMAIN zip AS varchar(5);
