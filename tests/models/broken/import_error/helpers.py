def make():
    import some_missing_package.part  # noqa: F401
