"""Not a model, and nothing to import: it would end the program."""
raise SystemExit("imported a module that has no models")
