"""The comment, rendered by GitHub's own Markdown."""

import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from conftest import EXAMPLE, run

# What the comment is made of; whatever else turns up was in a name.
ELEMENTS = {
    *("h3", "h4", "p", "ul", "ol", "li", "code", "pre", "strong", "em", "a", "br", "sub", "b"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
}
# Never closed.
VOID = {"br"}
CALLS = re.compile(r"(?<![\w/])@[\w-]|(?<!\w)#\d|GH-\d|(?<!\w)![\d]|https?://|www\.")


class Seen(HTMLParser):
    """The elements, and the texts in which GitHub looks for mentions, references and addresses."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.links, self.texts, self.comments = [], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        assert not attributes or tag in ("a", "details", "ol", "pre", "code", "th", "td"), (tag, attributes)
        self.links += [value for name, value in attributes if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        if not {"code", "pre", "a"} & set(self.open):
            self.texts.append(data)

    def handle_comment(self, data):
        self.comments.append(data)


def rendered(text: str) -> Seen:
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return Seen(html)


def test_the_comment(told):
    text = told.forms["markdown"]
    assert text.splitlines()[0] == "<!-- driftglass -->"
    assert len(text.encode()) <= 65_000
    seen = rendered(text)
    assert set(seen.elements) <= ELEMENTS, set(seen.elements) - ELEMENTS
    assert seen.open == []
    assert seen.comments == [" driftglass "]
    for link in seen.links:
        assert link.startswith("https://github.com/driftglass/driftglass/blob/main/docs/rules.md"), link
    for text in seen.texts:
        assert not CALLS.search(text), text
    assert seen.elements[0] == "h3" and seen.elements.count("table") == 1
    assert seen.elements.count("h3") == 1
    places = {str(entry["id"]) for entry in told.report["entries"]}
    assert not places or seen.elements.count("details") >= 2


def test_what_has_no_room_is_counted(told):
    """Every difference is shown or counted."""
    text = told.forms["markdown"]
    shown = len(re.findall(r"^- [▲◆○] [+−~→] ", text, re.MULTILINE))
    left = sum(int(it.replace(",", "")) for it in re.findall(r"^- and (\d+) more, for which", text, re.MULTILINE))
    rest = re.search(r"^\*\*(\d+) more differences?\*\*", text, re.MULTILINE)
    assert shown + left + (int(rest[1]) if rest else 0) == len(told.report["entries"])
    assert (told.case in ("hostile", "many")) == bool(rest)


def test_what_passes_says_so(told):
    first = told.forms["markdown"].splitlines()[1]
    assert first.startswith("### ✗" if told.status else "### ✓"), first


def test_the_same_bytes_each_time():
    diff = ["diff", *EXAMPLE, "--format", "markdown"]
    assert run(diff).stdout == run(diff).stdout
