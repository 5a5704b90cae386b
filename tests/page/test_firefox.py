"""The report that is one file, opened from disk in Firefox: its rules for such files are others than Chromium's.

Runs where `firefox-esr` or `firefox` is installed.
"""

import os
import shutil
import socket
import subprocess
import time

import pytest
from marionette_driver.errors import MarionetteException
from marionette_driver.marionette import Marionette

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
# A file from disk is an origin of its own, as it is for everybody.
PREFERENCES = """
user_pref("security.fileuri.strict_origin_policy", true);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("marionette.port", {port});
"""
VIEWS = {"overview": "#verdict", "changes": "#tree .row", "map": ".box", "migration": ".statement"}

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox here")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    profile = tmp_path_factory.mktemp("firefox")
    port = free_port()
    (profile / "user.js").write_text(PREFERENCES.format(port=port))
    command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    environment = {**os.environ, "HOME": str(profile)}
    started = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    client = Marionette(host="127.0.0.1", port=port)
    for _ in range(60):
        try:
            client.start_session()
            break
        except (OSError, MarionetteException):
            time.sleep(0.5)
    yield client
    started.terminate()
    started.wait(20)


def evaluate(firefox: Marionette, script: str):
    return firefox.execute_script(script, sandbox=None)


def wait_for(firefox: Marionette, selector: str):
    for _ in range(150):
        if evaluate(firefox, f"return document.querySelectorAll({selector!r}).length"):
            return
        time.sleep(0.1)
    raise AssertionError(f"no {selector}: " + evaluate(firefox, "return document.body.innerText.slice(0, 400)"))


def test_a_report_works_from_disk(firefox, report_file):
    firefox.navigate(report_file.as_uri())
    wait_for(firefox, "#verdict")
    assert evaluate(firefox, "return document.querySelector('#verdict').textContent") == "30 differences"
    for name, selector in VIEWS.items():
        evaluate(firefox, f"document.querySelector('#go-{name}').click()")
        wait_for(firefox, selector)
    asked = evaluate(firefox, "return performance.getEntriesByType('resource').map((it) => it.name)")
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_the_page_works_too(firefox, address):
    firefox.navigate(f"{address}?url=snapshots/dev.json&url=snapshots/production.json&url=snapshots/models.json")
    wait_for(firefox, ".matrix tbody tr")
    evaluate(firefox, "document.querySelector('#go-migration').click()")
    wait_for(firefox, ".statement, #notes")
