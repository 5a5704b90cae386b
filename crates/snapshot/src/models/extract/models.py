# What is asked for: the statements of the models that were named. Joined behind main.py to one script.

UNREADABLE = "the models could not be read"


def extract(options):
    project = prepare(options)
    sources = Sources(project)
    run_init(options)
    targets = [Target(text, project) for text in options.get("targets") or []]
    if not targets:
        raise Failure("target", "no models were named", 'name a module, such as "app.models" or "app.models:Base"')
    warnings = []
    for target in targets:
        target.load()
    try:
        orm.configure_mappers()  # Relationships may define tables of their own.
    except Exception as error:
        warnings.append("the mappers could not be configured, so tables may be missing: " + summary(error))
    used = select(targets)
    seen = find_metadata(project.modules())
    labels = {id(metadata): label for metadata, label in used + seen}  # Found names are better than those asked for.
    choices = {label: next((target.naming(label) for target in targets if target.holds(label)), label)
               for label in labels.values()}
    tables = [table for metadata, _ in used for table in metadata.tables.values()]
    warnings += ["table %s is left out: %s" % (table.fullname, left_out(table)) for table in tables if left_out(table)]
    statements = collect([(metadata, labels[id(metadata)]) for metadata, _ in used], choices,
                         options.get("server_version") or 180000, sources, warnings)
    chosen = {id(metadata) for metadata, _ in used}
    listed = {id(metadata): metadata for metadata, _ in used + seen}
    return {
        "sqlalchemy": sqlalchemy.__version__,
        "statements": statements,
        "origins": [sources.origin(table) for table in tables if not left_out(table)],
        "metadata": [{"label": labels[key], "tables": len(metadata.tables), "used": key in chosen}
                     for key, metadata in listed.items()],
        "failed_imports": [failed for target in targets for failed in target.failed],
        "warnings": warnings,
    }
