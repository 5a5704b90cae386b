"""Everything that is made of two snapshots is the same natively and in the browser, byte for byte: differences, reports with
advice in every form, plans (plain, online, for Alembic), the matrix, and what the page shows. `tests/outputs` says what.

    DRIFTGLASS_OUTPUTS         a folder: outputs.js and its module, the program `outputs`, and pairs, a folder a set

The pairs are those that the tests over servers have read (the corpus, the rules' examples, random schemas), random edits that no
server had, and the samples.
"""

import difflib
import itertools
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from conftest import Handler

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/forms"))

import hostile  # noqa: E402

OUTPUTS = Path(os.environ["DRIFTGLASS_OUTPUTS"])
APPS = Path(os.environ.get("DRIFTGLASS_APP_SNAPSHOTS", "none"))
# At least so many pairs: a set that nobody has handed on agrees with everything.
SETS = {
    "corpus": len(list((ROOT / "tests/corpus").iterdir())),
    "rules": len(list((ROOT / "tests/rules").glob("*.sql"))),
    "random": 190,
    "edits": 300,
    "samples": 7,
}
# Two workers, each with a module of its own, which take pair after pair.
SUMS = """async (names) => {
    const source = `
        importScripts("${location.origin}/outputs.js");
        const ready = wasm_bindgen({module_or_path: "${location.origin}/outputs_bg.wasm"});
        onmessage = async ({data: [name, output]}) => {
            try {
                await ready;
                const pair = new Uint8Array(await (await fetch("${location.origin}/" + name)).arrayBuffer());
                postMessage(output === null ? wasm_bindgen.sums(pair) : wasm_bindgen.text_of(pair, output));
            } catch (error) {
                postMessage("failed: " + error);
            }
        };`;
    const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    const made = new Array(names.length);
    let next = 0;
    const run = async () => {
        const worker = new Worker(url);
        while (next < names.length) {
            const at = next++;
            worker.postMessage(names[at]);
            made[at] = await new Promise((done) => { worker.onmessage = ({data}) => done(data); });
        }
        worker.terminate();
    };
    await Promise.all([run(), run()]);
    return made;
}"""


@pytest.fixture(scope="module")
def sides(browser, serve):
    """The two sides: what each makes of pairs (or one output of a pair), by the names of their files."""
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto(serve(partial(Handler, directory=str(OUTPUTS))) + "pairs")

    def in_browser(names: list[str], output: str | None = None) -> list[str]:
        return page.evaluate(SUMS, [[name, output] for name in names])

    def native(names: list[str], output: str | None = None) -> list[str]:
        def run(some: list[str]) -> str:
            words = [OUTPUTS / "outputs", *(["text", *some, output] if output else some)]
            return subprocess.run(words, cwd=OUTPUTS, capture_output=True, check=True, timeout=600).stdout.decode()

        if output:
            return [run(names)]
        with ThreadPoolExecutor(2) as workers:
            shares = list(workers.map(run, [names[0::2], names[1::2]]))
        found: list[str] = [""] * len(names)
        found[0::2], found[1::2] = (share.splitlines() for share in shares)
        return found

    yield native, in_browser
    page.close()


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The samples both ways, three applications, and names that mean harm."""
    files = sorted((ROOT / "snapshots").glob("*.json"))
    pairs = {f"{old.stem}-{new.stem}": (old, new) for old, new in itertools.combinations(files, 2)}
    pairs |= {old.stem: (old, old.with_name(old.name.replace("-database", "-models"))) for old in APPS.glob("*-database.json")}
    pairs["hostile"] = tuple(hostile.hostile(tmp_path_factory.mktemp("hostile")))
    folder = OUTPUTS / "pairs/samples"
    folder.mkdir(parents=True, exist_ok=True)
    for name, files in pairs.items():
        (folder / f"{name}.pair").write_bytes(b"\0".join(file.read_bytes() for file in files))


def told(native, in_browser, name: str, ours: str, theirs: str) -> str:
    """What differs first of a pair, as the lines that differ."""
    if not theirs.startswith("["):
        return f"{name} in the browser: {theirs}"
    one, other = dict(json.loads(ours)), dict(json.loads(theirs))
    output = next(output for output in [*one, *other] if one.get(output) != other.get(output))
    texts = [side([name], output)[0].splitlines() for side in (native, in_browser)]
    lines = itertools.islice(difflib.unified_diff(*texts, "native", "in the browser", lineterm="", n=0), 40)
    return f"{name}, {output}\n" + "\n".join(line[:2000] for line in lines)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.usefixtures("samples")
def test_native_and_browser_agree(sides, name):
    native, in_browser = sides
    names = sorted(str(path.relative_to(OUTPUTS)) for path in (OUTPUTS / "pairs" / name).glob("*.pair"))
    assert len(names) >= SETS[name], f"{len(names)} pairs have been handed on, of {SETS[name]}"
    ours, theirs = native(names), in_browser(names)
    differ = [it for it in zip(names, ours, theirs) if it[1] != it[2]]
    assert not differ, f"{len(differ)} of {len(names)} pairs differ\n{told(native, in_browser, *differ[0])}"
    # An output that both sides leave out agrees too.
    assert {"there: report.json", "back: up.sql, online false"} <= {name for name, _ in json.loads(ours[0])}
