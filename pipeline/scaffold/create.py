"""The files of a new source, put where they belong, all of them or none."""

from __future__ import annotations

import keyword
import shutil
from pathlib import Path

from pipeline.config import project_dir
from pipeline.errors import UsageError
from pipeline.sources import discovery
from pipeline.temporary import temporary_folder

TEMPLATE = Path(__file__).parent / "template"
PAGES = Path("tests") / "pages"
"""Where the saved pages of a source stand: below the checkout, or below the folder given as --sources-dir."""

_LONGEST = 40
_FILES = {
    "source.toml.txt": "{sources}/{name}.toml",
    "source.py.txt": "{sources}/{name}.py",
    "page.html.txt": "{pages}/{name}/first_page/page.html",
    "expected.json.txt": "{pages}/{name}/first_page/expected.json",
    "gone.html.txt": "{pages}/{name}/gone/page.html",
    "gone.json.txt": "{pages}/{name}/gone/expected.json",
}


def homes(sources_dir: Path | None) -> tuple[Path, Path]:
    """The folder of sources and the folder of saved pages. Raises UsageError outside of a checkout without ``sources_dir``."""
    if sources_dir is not None:
        return sources_dir, sources_dir / PAGES
    sources = Path(discovery.__file__).parent
    if not (project_dir() / PAGES).is_dir() or not sources.is_relative_to(project_dir()):
        raise UsageError("the program does not run from a checkout; name a folder for the source with --sources-dir DIR")
    return sources, project_dir() / PAGES


def created_source(name: str, sources_dir: Path | None) -> list[Path]:
    """Writes the files of the source ``name``; their paths, the parser's facts first.

    Raises UsageError for a name that cannot be one and for files that are there already: nothing is written then.
    """
    sources, pages = homes(sources_dir)
    _check_name(name, {path.stem for folder in (Path(discovery.__file__).parent, sources) for path in folder.glob("*.py")})
    targets = {template: Path(to.format(sources=sources, pages=pages, name=name)) for template, to in _FILES.items()}
    there = [path for path in [*targets.values(), pages / name] if path.exists()]
    if there:
        raise UsageError(f"{there[0]}: is there already; choose another name, or remove it")
    done: list[Path] = []
    try:
        with temporary_folder("new") as aside:
            for template, target in targets.items():
                text = (TEMPLATE / template).read_text("utf-8").replace("NAME", name)
                (aside / template).write_text(text, "utf-8")
                target.parent.mkdir(parents=True, exist_ok=True)
            # The TOML comes last: by it a source is discovered.
            for template, target in reversed(targets.items()):
                shutil.copyfile(aside / template, target)
                done.append(target)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        shutil.rmtree(pages / name, ignore_errors=True)
        raise UsageError(f"{error.filename}: {error.strerror}; nothing was written, name a folder you may write") from error
    return list(targets.values())


def _check_name(name: str, taken: set[str]) -> None:
    if not discovery.NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        raise UsageError(
            f"{name[:_LONGEST]!r} cannot be the name of a source: small letters, digits and underscores, a letter first, "
            f"at most {_LONGEST}, and no word of Python; e.g. example_town"
        )
    if name in taken:
        raise UsageError(f"there is a source or module {name!r} already; choose another name")
