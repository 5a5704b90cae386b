"""Times of the page with many tables, each beside what the same browser takes for JSON.parse of the same files.

    bench.py OLD NEW
"""

import functools
import http.server
import os
import statistics
import sys
import threading
from pathlib import Path

from conftest import ARGUMENTS, CHROMIUM, Handler
from playwright.sync_api import Page, sync_playwright

OLD, NEW = map(Path, sys.argv[1:3])

PARSE = """(texts) => {
    const start = performance.now();
    for (const text of texts) JSON.parse(text);
    return performance.now() - start;
}"""

# From the drop of both files to the paint that shows how many differences there are.
FIRST = """(texts) => new Promise((done) => {
    const data = new DataTransfer();
    texts.forEach((text, at) => data.items.add(new File([text], `${at}.json`, {type: "application/json"})));
    const start = performance.now();
    const seen = new MutationObserver(() => {
        const title = document.querySelector("#verdict");
        if (title && /difference/.test(title.textContent)) {
            seen.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
        }
    });
    seen.observe(document.body, {childList: true, subtree: true, characterData: true});
    for (const name of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
})"""

# From a keystroke to the paint of the list that it leads to.
KEYSTROKE = """([selector, text, list]) => new Promise((done) => {
    const input = document.querySelector(selector);
    const start = performance.now();
    const seen = new MutationObserver(() => {
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    });
    seen.observe(document.querySelector(list), {childList: true, subtree: true, characterData: true, attributes: true});
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
    input.dispatchEvent(new InputEvent("input", {bubbles: true}));
    setTimeout(() => done(NaN), 5000);
})"""

SCROLL = """async () => {
    const tree = document.querySelector("#tree");
    const tasks = [];
    const seen = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((it) => it.duration)));
    seen.observe({type: "longtask"});
    for (let step = 0; step < 120; step++) {
        tree.scrollTop += 400;
        await new Promise(requestAnimationFrame);
    }
    await new Promise((done) => setTimeout(done, 200));
    return tasks;
}"""


def tell(what: str, value: float, unit: str, limit: float):
    mark = "ok" if value <= limit else "OVER"
    print(f"  {what:<58}{value:>9.1f} {unit:<3} limit {limit:>8.1f}  {value / limit:>5.2f} of it  {mark}")


def measure(page: Page, address: str):
    texts = [path.read_text() for path in (OLD, NEW)]
    page.goto(address)
    page.wait_for_selector("h1")
    parse = statistics.median(page.evaluate(PARSE, texts) for _ in range(3))
    firsts = []
    for _ in range(3):
        page.goto(address)
        page.wait_for_selector("h1")
        firsts.append(page.evaluate(FIRST, texts))
    first = statistics.median(firsts)
    print(f"two files, {sum(map(len, texts)) / 1e6:.1f} MB; JSON.parse of both {parse:.0f} ms")
    tell("files dropped to first differences, in JSON.parse", first / parse, "x", 4)
    page.click("#go-changes")
    page.wait_for_selector("#tree .row")
    page.wait_for_timeout(500)
    words = ["o", "or", "ord", "orde", "order", "orders", "orders_0", "orders_00"]
    strokes = [page.evaluate(KEYSTROKE, ["#filter", word, ".left"]) for word in words]
    tell("filter: keystroke to paint, the slowest of 8", max(strokes), "ms", 50)
    page.evaluate(KEYSTROKE, ["#filter", "", ".left"])
    page.keyboard.press("t")
    page.wait_for_selector("#search")
    page.evaluate(KEYSTROKE, ["#search", "x", "#hits"])
    page.wait_for_timeout(500)
    strokes = [page.evaluate(KEYSTROKE, ["#search", word, "#hits"]) for word in words]
    tell("palette: keystroke to paint, the slowest of 8", max(strokes), "ms", 50)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.check("#whole")
    page.wait_for_timeout(800)
    tell("rows of the list", float(page.get_attribute("#tree", "aria-rowcount")), "", 1e6)
    tasks = page.evaluate(SCROLL)
    tell("scrolling: the longest task", max(tasks, default=0), "ms", 50)
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    tell("DOM nodes", page.locator("*").count(), "", 3000)
    heap = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    tell("heap of the page", heap, "MB", 250)


def main():
    handler = functools.partial(Handler, directory=os.environ["DRIFTGLASS_PAGE"])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        measure(browser.new_page(viewport={"width": 1440, "height": 900}), f"http://127.0.0.1:{server.server_port}/")
        browser.close()
        server.shutdown()


main()
