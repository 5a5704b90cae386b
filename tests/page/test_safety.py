"""Nothing gets out: not from the page, not from a worker, not from what `driftglass view` serves, not from a report."""

import os
import re
import socket
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from steps import EXAMPLE

ATTEMPTS = """async (url) => {
    const done = [];
    const note = (name, promise) => promise.then(() => done.push(name), () => {});
    await note("fetch", fetch(url));
    await note("fetch without cors", fetch(url, {mode: "no-cors"}));
    const load = (element, parent = document.body) => new Promise((end) => {
        element.onload = () => { done.push(element.tagName); end(); };
        element.onerror = end;
        setTimeout(end, 300);
        parent.append(element);
    });
    const make = (name, values) => Object.assign(document.createElement(name), values);
    await Promise.all([
        load(make("img", {src: url})),
        load(make("script", {src: url})),
        load(make("link", {rel: "stylesheet", href: url})),
        load(make("link", {rel: "prefetch", href: url}), document.head),
        load(make("iframe", {src: url})),
        load(make("object", {data: url})),
        load(make("video", {src: url})),
        load(make("style", {textContent: `@import url(${url});`})),
    ]);
    navigator.sendBeacon?.(url, "x");
    try { new EventSource(url); } catch { /* refused */ }
    try { new WebSocket(url.replace("http", "ws")); } catch { /* refused */ }
    const form = make("form", {action: url, method: "post", target: "_self"});
    document.body.append(form);
    form.submit();
    const text = `fetch(${JSON.stringify(url)}).then(() => postMessage("out"), () => postMessage("in"));`;
    const said = await new Promise((end) => {
        setTimeout(() => end("in"), 1000);
        try {
            const worker = new Worker(URL.createObjectURL(new Blob([text], {type: "text/javascript"})));
            worker.onmessage = ({data}) => end(data);
            worker.onerror = () => end("in");
        } catch { end("in"); }
    });
    if (said === "out") done.push("worker");
    // These load something of their own where what was asked for is refused: who was reached, the server knows.
    return done.filter((name) => !["STYLE", "IFRAME", "OBJECT"].includes(name));
}"""


@pytest.fixture
def outside(serve):
    """A server that notes who comes; its address."""
    reached: list[tuple] = []

    class Outside(BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append((self.command, self.path))
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    yield serve(Outside)
    assert reached == []


def attempts(browser: Browser, address: str, outside: str):
    # Not a watched page: what is tried here ends in the console as errors, as it should.
    context = browser.new_context()
    context.set_default_timeout(6_000)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("h1:visible, #verdict:visible")
    assert page.evaluate(ATTEMPTS, outside) == []
    assert page.url.startswith(address.split("?")[0].split("#")[0])
    context.close()


def test_nothing_gets_out_of_the_page(browser, address, outside):
    attempts(browser, address, outside)


@pytest.fixture
def served():
    """What `driftglass view` serves, with two snapshots open."""
    names = [f"snapshots/{name}.json" for name in ("production", "models")]
    started = subprocess.Popen([os.environ["DRIFTGLASS"], "view", *names], stderr=subprocess.PIPE, text=True)
    line = started.stderr.readline()
    yield re.search(r"http://\S+", line).group()
    started.terminate()
    started.wait(10)
    started.stderr.close()


def test_every_connection_is_answered_while_others_are_idle(served):
    """A browser opens six at once, and keeps them."""
    host, port = re.search(r"//([^:]+):(\d+)", served).groups()
    for _ in range(40):
        connections = [socket.create_connection((host, int(port)), timeout=1) for _ in range(6)]
        for connection in connections:
            connection.sendall(f"GET /style.css HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        for connection in connections:
            assert connection.recv(12) == b"HTTP/1.1 200"
        for connection in connections:
            connection.close()


def test_nothing_gets_out_of_what_is_served(browser, served, outside):
    attempts(browser, served, outside)


def test_what_is_served_works(watch, served):
    address, query = served.split("?")
    page = watch(address).open(f"?{query}")
    expect(page.locator("#verdict")).to_have_text("30 differences")


def test_what_is_served_reads_no_other_servers(watch, served):
    watched = watch(served.split("?")[0])
    watched.page.set_default_timeout(6_000)
    watched.expected += ["Content Security Policy", "Fetch API cannot load", "violates"]
    page = watched.open("?url=https://files.example/a.json")
    page.click("#consent-yes")
    expect(page.get_by_role("alert")).to_contain_text("was not opened.")


def test_what_is_served_is_for_this_machine_alone(served):
    """Another name that leads here is a trick to read the snapshots from a foreign page."""
    import urllib.error
    import urllib.request

    asked = urllib.request.Request(served, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked)


def test_nothing_gets_out_of_a_report(browser, report_file: Path, outside):
    attempts(browser, report_file.as_uri(), outside)


def test_the_worker_is_bound_too(watch):
    """The page's worker is made of a blob, so that the page's policy holds for it."""
    watched = watch()
    page: Page = watched.open(EXAMPLE)
    expect(page.locator("#verdict")).to_be_visible()
    assert page.workers and all(worker.url.startswith("blob:") for worker in page.workers)


@pytest.mark.parametrize("is_off", [False, True], ids=["policy on", "policy off"])
def test_no_view_asks_for_anything_outside(watch, is_off):
    """It is not the policy alone that holds the page back: closing a window counts what was asked for."""
    watched = watch(bypass_csp=is_off)
    page = watched.open(EXAMPLE)
    for view, sign in [("changes", "#tree"), ("map", ".frame"), ("migration", ".statement"), ("overview", "#verdict")]:
        page.click(f"#go-{view}")
        expect(page.locator(sign).first).to_be_visible()
    assert len(watched.requests) > 5, "requests are counted"
