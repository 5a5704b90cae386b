"""The fonts that the browser has in these tests, and no others: texts are as wide on every machine."""

import hashlib
from pathlib import Path

FOLDERS = {
    "/usr/share/fonts/opentype/inter": ["Inter-Regular", "Inter-Medium", "Inter-SemiBold", "Inter-Bold", "Inter-Italic"],
    "/usr/share/fonts/truetype/dejavu": ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold"],
}

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Inter</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def files() -> list[Path]:
    """The font files; those that the machine does not have are left out."""
    wanted = [Path(folder) / name for folder, names in FOLDERS.items() for name in names]
    found = [path.with_suffix(suffix) for path in wanted for suffix in (".otf", ".ttf")]
    return [path for path in found if path.is_file()]


def pinned(folder: Path) -> Path:
    """A configuration that knows these fonts alone."""
    for path in files():
        (folder / path.name).symlink_to(path)
    written = folder / "fonts.conf"
    written.write_text(CONFIGURATION.format(folder=folder))
    return written


def digest() -> str:
    """Tells whether two machines have the same fonts."""
    digests = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files()]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
