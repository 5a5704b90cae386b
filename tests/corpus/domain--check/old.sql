CREATE DOMAIN zip AS text CHECK (VALUE ~ '^\d{4}$');
