"""Makes what browsers and translators need from the sources: fonts, one stylesheet, one script, word lists.

Nothing is made twice: a stamp beside the outputs names the sources they were made from.
"""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import django_htmx
import fontpkg_ibm_plex_sans_arabic
import polib
from django.conf import settings
from django.core.management import call_command
from django.utils.translation.reloader import translation_file_changed

UI = Path(__file__).parent
SOURCES = UI / "static" / "ui"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
PLEX = Path(fontpkg_ibm_plex_sans_arabic.__file__).parent / "files"

LATIN = (
    "0020-007E,00A0-00A1,00A7,00A9,00AB,00B0,00B2,00B7,00BB,00BF-00FF,0152-0153,0178,2011,2013-2014,2018-2019,"
    "201C-201D,2022,2026,202F,203A,20AC,2192,2212"
)
ARABIC = (
    "060C,061B,061F,0621-063A,0640-0655,066A-066C,0670-0671,0679,067E,0686,0698,06A4,06A9,06AD,06AF,06BA,06C1,06CC,"
    "06D4,200C-200F"
)
SHAPES = "init,medi,fina,isol,rlig,ccmp,mark,mkmk,locl,calt,liga"
# Arabic pages carry digits and Latin words too: their files hold both scripts, so two files do instead of four.
# Latin pages fetch `guest` only where an Arabic text stands among the Latin ones.
FONTS = {
    "latin-400": ("Regular", LATIN, "kern,ccmp,locl,tnum"),
    "latin-600": ("SemiBold", LATIN, "kern,ccmp,locl,tnum"),
    "arabic-400": ("Regular", f"{LATIN},{ARABIC}", f"kern,tnum,{SHAPES}"),
    "arabic-600": ("SemiBold", f"{LATIN},{ARABIC}", f"kern,tnum,{SHAPES}"),
    "guest-400": ("Regular", ARABIC, SHAPES),
}
UNSERVED = ("ui", "django_htmx", "admin", "ninja")  # sources, and what other packages bring along
LOOSE = re.compile(r"(?<=«) | (?=[;:!?»]|%%?(?![\w(]))|(?<=\d) (?=\d{3}(?!\d))")  # French: at signs, in numbers


def build(*, force: bool = False) -> bool:
    """Make everything anew if a source has changed; says whether there was anything to do. Cheap when fresh."""
    out: Path = settings.BUILD
    out.mkdir(parents=True, exist_ok=True)
    stamp = out / "stamp"
    mark = fingerprint()
    if not force and stamp.exists() and stamp.read_text() == mark:
        return False
    with (out / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not force and stamp.exists() and stamp.read_text() == mark:
            return False
        sys.stderr.write("== Assets: fonts, styles, words\n")
        made = out / "static"
        (made / "fonts").mkdir(parents=True, exist_ok=True)
        make_fonts(made / "fonts")
        (made / "site.css").write_text(stylesheet())
        (made / "site.js").write_text(script())
        shutil.copy(HTMX, made / "htmx.js")
        for art in (SOURCES / "art").iterdir():
            shutil.copy(art, made / art.name)
        make_words(out / "locale")
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=[*UNSERVED])
        stamp.write_text(mark)
    return True


def fingerprint() -> str:
    """One number for all the sources as they are now."""
    seen = hashlib.sha256(json.dumps([FONTS, UNSERVED]).encode())
    for path in [Path(__file__), HTMX, *sorted(sources())]:
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


def sources() -> Iterator[Path]:
    yield from (path for path in SOURCES.rglob("*") if path.is_file())
    yield from settings.WORDS.glob("*/LC_MESSAGES/django.po")


def make_fonts(folder: Path) -> None:
    """Subset each font, all side by side."""
    mark = hashlib.sha256(json.dumps(FONTS).encode()).hexdigest()
    kept = folder / ".mark"
    if kept.exists() and kept.read_text() == mark and all((folder / f"{name}.woff2").exists() for name in FONTS):
        return
    running = [subprocess.Popen(subset(name, folder)) for name in FONTS]
    if any(job.wait() for job in running):
        raise RuntimeError("The fonts could not be made; see the lines above.")
    kept.write_text(mark)


def subset(name: str, folder: Path) -> list[str]:
    """The command that makes one font file."""
    style, letters, features = FONTS[name]
    return [
        sys.executable,
        "-m",
        "fontTools.subset",
        str(PLEX / f"IBMPlexSansArabic-{style}.ttf"),
        f"--output-file={folder / name}.woff2",
        f"--unicodes={letters}",
        f"--layout-features={features}",
        "--flavor=woff2",
        "--no-hinting",
        "--name-IDs=",
        "--drop-tables+=meta",
    ]


def stylesheet() -> str:
    """All layers in one file, without comments and spare spaces."""
    joined = "\n".join(path.read_text() for path in sorted((SOURCES / "css").glob("*.css")))
    star = quote((SOURCES / "star.svg").read_text(), safe=" =:/'()")
    joined = joined.replace('url("star.svg")', f'url("data:image/svg+xml,{star}")')
    bare = re.sub(r"/\*.*?\*/", "", joined, flags=re.S)
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r'(\[[\w-]+[~^$*]?=|url\()"([a-z][\w/.-]*)"(?=[\])])', r"\1\2", bare)  # quotes that nothing needs
    return re.sub(r" ?([{};,>]) ?", r"\1", bare).replace(": ", ":").replace(";}", "}").strip()


def script() -> str:
    """The modules of the house in one file, without comments, indentation and spaces around operators."""
    own = "\n".join(path.read_text() for path in sorted((SOURCES / "js").glob("*.js")))
    bare = re.sub(r"/\*.*?\*/|(?:^|(?<=\s))//.*$", "", own, flags=re.M)
    joined = "\n".join(line.strip() for line in bare.splitlines() if line.strip())
    tight = re.sub(
        r"""("[^"\n]*"|`[^`]*`)| *([=<>?:{},;()&|+]+) *""", lambda found: found[1] or found[2], joined
    )  # what stands in quotes stays as it is
    return re.sub(r"(?<=[;{,(])\n", "", tight)


def make_words(folder: Path) -> None:
    """Compile the word lists; only what is translated and not doubtful."""
    for path in settings.WORDS.glob("*/LC_MESSAGES/django.po"):
        words = polib.pofile(str(path))
        sure = polib.POFile()
        sure.metadata = words.metadata
        sure.extend(entry for entry in words.translated_entries() if not entry.fuzzy)
        if words.metadata.get("Language") == "fr":
            bind_signs(sure)
        target = folder / path.parent.relative_to(settings.WORDS) / "django.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        sure.save_as_mofile(str(target))
        translation_file_changed(None, target)  # this process may have read the old words already


def bind_signs(words: polib.POFile) -> None:
    """No line of French begins with one of the signs ; : ! ? » % nor ends with «; no number is torn."""
    for entry in words:
        entry.msgstr = LOOSE.sub("\N{NO-BREAK SPACE}", entry.msgstr)
        entry.msgstr_plural = {n: LOOSE.sub("\N{NO-BREAK SPACE}", told) for n, told in entry.msgstr_plural.items()}
