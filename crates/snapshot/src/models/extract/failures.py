# Failures in the user's terms. Joined behind main.py to one script.


def summary(error):
    lines = str(error).strip().splitlines()
    return "%s: %s" % (type(error).__name__, lines[0]) if lines else type(error).__name__


def user_frames(error):
    importing = os.path.dirname(importlib.__file__) + os.sep
    return [frame for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename != HERE and not frame.filename.startswith(("<frozen", importing))]


def causes(error):
    """The exception and those that led to it, latest first."""
    found = []
    while error is not None and error not in found and len(found) < 8:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def user_traceback(error):
    blocks = ["".join(traceback.format_list(user_frames(one)) + traceback.format_exception_only(type(one), one))
              for one in reversed(causes(error))]
    lines = "\n".join(blocks).rstrip().splitlines()
    return "\n".join(["Traceback (most recent call last):"] + (["  ..."] + lines[-15:] if len(lines) > 15 else lines))


PYTHON = "is this the project's virtual environment? choose its interpreter with --python"
HINTS = [  # The first whose class is in the exception's ancestry and whose words are in its text.
    ("ImportError", "relative import",
     "name the module by its full dotted name, and set --path to the folder that holds its outermost package"),
    ("RuntimeError", "application context",
     "push an application context first: --init \"from app import create_app; create_app().app_context().push()\""),
    ("SystemExit", "", "it ended the program while it was imported; name a module that only defines models"),
    ("InvalidRequestError", "is already defined for this MetaData",
     "one file is imported under two names; name it as the application does, and check --path"),
    ("NoReferencedTableError", "",
     "the module that defines the table referred to was not imported; add it, or its package, to the targets"),
    ("ArgumentError", "URL", "set the variable with the database URL, for example "
     "--setenv DATABASE_URL=postgresql://localhost/x"),
]
HINTS += [(name, "", "it connects to a server while it is imported; name a module that only defines models")
          for name in ("OperationalError", "ConnectionError")]
HINTS += [(name, "", "set the variables the application's settings want with --setenv NAME=value")
          for name in ("ValidationError", "SettingsError", "EnvError", "UndefinedValueError", "ImproperlyConfigured")]


def hint_for(error, module=""):
    """What to set or do about a failure, where that can be told."""
    for one in causes(error):
        frames = traceback.extract_tb(one.__traceback__)
        if isinstance(one, ModuleNotFoundError) and one.name:
            return missing_module(one.name, module)
        if isinstance(one, KeyError) and one.args and frames and re.search(r"\bos(\.py)?>?$", frames[-1].filename):
            return "set the variable the application wants: --setenv %s=value" % one.args[0]
        with contextlib.suppress(Exception):  # As pydantic reports them.
            names = [str(item["loc"][0]).upper() for item in one.errors()]
            return "set the variables the application's settings want: " + " ".join(
                "--setenv %s=value" % name for name in names)
        ancestry = {cls.__name__ for cls in type(one).__mro__}
        for name, words, hint in HINTS:
            if name in ancestry and words in str(one):
                return hint
    return ""


def missing_module(name, module):
    if not (module + ".").startswith(name + "."):
        return "%s is not installed for %s; %s" % (name.split(".")[0], sys.executable, PYTHON)
    for folder in ("src", "lib", "backend", "app"):
        if os.path.exists(os.path.join(folder, name.split(".")[0])):
            return "%s is in %s: set --path %s" % (name, folder, folder)
    return "%s is not found from %s; set --path to the folder that holds it, or install it for %s" % (
        name, os.getcwd(), sys.executable)


main()
