"""How much longer each work takes in the browser than natively, over one pair of snapshots: the shortest of five
times each (what else the machine does only ever adds), and their ratios.

    sides.py PAIR LIMIT
"""

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from conftest import ARGUMENTS, CHROMIUM, Handler
from playwright.sync_api import sync_playwright

OUTPUTS = Path(os.environ["DRIFTGLASS_OUTPUTS"])
PAIR, LIMIT = Path(sys.argv[1]), float(sys.argv[2])

TIMES = """async (name) => {
    const bytes = new Uint8Array(await (await fetch(name)).arrayBuffer());
    const script = document.createElement("script");
    script.src = "outputs.js";
    await new Promise((done) => { script.onload = done; document.head.append(script); });
    await wasm_bindgen({module_or_path: "outputs_bg.wasm"});
    const pair = new wasm_bindgen.Measured(bytes);
    return wasm_bindgen.works().map((what, work) => {
        const times = Array.from({length: 5}, () => {
            const start = performance.now();
            pair.run(work);
            return performance.now() - start;
        });
        return [what, Math.min(...times)];
    });
}"""


def main():
    done = subprocess.run([OUTPUTS / "outputs", "time", PAIR], capture_output=True, check=True)
    handler = functools.partial(Handler, directory=str(OUTPUTS))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page()
        # A page of no content, whose scripts are those of the folder.
        page.route("**/empty.html", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
        page.goto(f"http://127.0.0.1:{server.server_port}/empty.html")
        there = page.evaluate(TIMES, str(PAIR.relative_to(OUTPUTS)))
        browser.close()
        server.shutdown()
    print(f"{'':<44}{'ratio':>8}{'limit':>8}{'in WASM':>13}{'native':>12}")
    for (what, wasm), native in zip(there, json.loads(done.stdout), strict=True):
        print(f"  {what:<42}{wasm / native:>8.2f}{LIMIT:>8.2f}{wasm:>10.1f} ms{native:>9.1f} ms")


main()
