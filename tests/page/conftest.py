"""A browser, and the built page offered to it from this machine.

    DRIFTGLASS_PAGE           the built page's folder
    DRIFTGLASS                the command `driftglass`
    DRIFTGLASS_APP_SNAPSHOTS  optional: a folder of pairs, NAME-database.json and NAME-models.json
    DRIFTGLASS_SCREENSHOTS    optional: a folder that gets pictures of the page
    DRIFTGLASS_LOOKS=write    takes the pictures of docs/looks anew, in place of comparing them
"""

import functools
import http.server
import json
import os
import subprocess
import threading
from pathlib import Path

import pytest
from fonts import pinned
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
WINDOW = {"width": 1440, "height": 900}
# How a window is at first.
MEDIA = {"media": "null", "reduced_motion": "reduce", "forced_colors": "none", "contrast": "no-preference"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files as any plain web server offers them, without a word to the console."""

    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def folder() -> Path:
    page = Path(os.environ["DRIFTGLASS_PAGE"])
    assert (page / "index.html").is_file(), f"no page in {page}"
    return page


@pytest.fixture(scope="session")
def serve():
    """Starts servers on this machine; gives their addresses."""
    servers = []

    def start(handler) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def address(folder: Path, serve) -> str:
    return serve(functools.partial(Handler, directory=str(folder)))


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    # Chromium's own sandbox does not work for root.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    fonts = pinned(tmp_path_factory.mktemp("fonts"))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        yield chromium
        chromium.close()


class Window:
    """A page that one test after the other has: to open a new one takes three times as long."""

    def __init__(self, browser: Browser, **context):
        self.context = browser.new_context(**{"viewport": WINDOW, "reduced_motion": "reduce", **context})
        self.page: Page = self.context.new_page()
        self.media = {**MEDIA, "color_scheme": context.get("color_scheme", "light")}
        # Whose turn it is.
        self.watched: Watched | None = None
        self.page.on("request", lambda request: self.watched and self.watched.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.watched and self.watched.errors.append(str(error)))
        self.page.on("dialog", self._on_dialog)
        self.page.on("console", self._on_console)

    def _on_dialog(self, dialog):
        if self.watched:
            self.watched.errors.append("a dialog opened")
        dialog.dismiss()

    def _on_console(self, message):
        if self.watched and message.type in ("error", "warning"):
            self.watched.errors.append(message.text)

    def clean(self):
        """Nothing is left of the last test: what the browser remembers, what it was allowed, how it was set."""
        self.watched = None
        self.page.evaluate("() => { try { localStorage.clear(); } catch { /* there is none */ } }")
        self.page.goto("about:blank")
        self.page.emulate_media(**self.media)
        self.context.clear_permissions()
        self.context.unroute_all()


class Watched:
    """A page whose requests and errors are written down."""

    def __init__(self, window: Window, address: str):
        self.window = window
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        # Requests that are meant to fail leave a message in the console.
        self.expected: list[str] = []
        # Where else requests may lead.
        self.allowed: list[str] = []
        self.context, self.page = window.context, window.page
        self.page.set_default_timeout(15_000)
        window.watched = self

    def open(self, query: str = "") -> Page:
        self.page.goto(self.address + query)
        self.page.wait_for_selector("h1, h2, #tree, .map-view, .migration")
        return self.page

    def close(self):
        self.window.clean()
        errors = [error for error in self.errors if not any(word in error for word in self.expected)]
        assert errors == []
        # A worker's source is made by the page itself.
        own = (self.address, "data:", f"blob:{self.address}", "blob:null/", "about:blank", *self.allowed)
        outside = [url for url in self.requests if not url.startswith(own)]
        assert outside == [], "the page asks for nothing but its own files"


@pytest.fixture(scope="session")
def windows(browser: Browser) -> dict[str, list[Window]]:
    """Windows that no test has at the moment, by what they were made with."""
    return {}


@pytest.fixture
def watch(browser: Browser, address: str, windows):
    """Makes pages; afterwards checks that none of them had an error or asked for anything outside."""
    pages: list[tuple[str, Watched]] = []

    def make(at: str = address, viewport: dict | None = None, **context) -> Watched:
        made_with = json.dumps(context, sort_keys=True)
        free = windows.setdefault(made_with, [])
        window = free.pop() if free else Window(browser, **context)
        window.page.set_viewport_size(viewport or WINDOW)
        pages.append((made_with, Watched(window, at)))
        return pages[-1][1]

    yield make
    problems = []
    for made_with, watched in pages:
        try:
            watched.close()
            windows[made_with].append(watched.window)
        except AssertionError as problem:
            watched.window.context.close()
            problems.append(problem)
    if problems:
        raise problems[0]


@pytest.fixture
def page(watch) -> Page:
    return watch().open()


@pytest.fixture(scope="session")
def report():
    """What the command says about two files, as it writes it."""

    def run(old: Path, new: Path) -> bytes:
        done = subprocess.run(
            [os.environ["DRIFTGLASS"], "diff", str(old), str(new), "--format", "json"],
            capture_output=True,
            timeout=120,
        )
        assert done.returncode in (0, 1), done.stderr.decode()
        told = json.loads(done.stdout)
        lost = any(finding.get("is_loss") for finding in told["findings"])
        assert (done.returncode == 0) == (told["totals"]["differences"] == 0 and not lost)
        return done.stdout

    return run


@pytest.fixture(scope="session")
def report_file(tmp_path_factory) -> Path:
    """The example as one file, as the command writes it."""
    written = tmp_path_factory.mktemp("report") / "report.html"
    sources = [f"snapshots/{name}.json" for name in ("production", "models")]
    command = [os.environ["DRIFTGLASS"], "view", *sources, "--html", str(written)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return written


@pytest.fixture
def picture():
    """Writes a picture of the page, if pictures are wanted."""

    def write(page: Page, name: str, full_page: bool = False):
        if folder := os.environ.get("DRIFTGLASS_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=full_page, animations="disabled")

    return write
