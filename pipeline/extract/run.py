"""The extract run: for each WARC file of raw/ one JSON Lines file in extracted/, made anew only when something changed."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pipeline.archive.files import shown
from pipeline.archive.index import archive_digests
from pipeline.archive.lock import folder_lock
from pipeline.archive.reader import captures_in, revisits_in, warc_files
from pipeline.config import Settings
from pipeline.engine import workers_of
from pipeline.errors import ExtractError, PraktykiError
from pipeline.extract.attached.documents import LIBRARIES
from pipeline.extract.endline import end_line, has_end
from pipeline.records import Capture, ExtractedHeader, ExtractedItem, ExtractedPage, from_json_line, json_line
from pipeline.storage.hand import where_of, whole
from pipeline.terminal.progress import tracked

if TYPE_CHECKING:
    from pipeline.extract.worker import Chunk, Lines

CHUNK = 32
SUFFIX = ".jsonl"
_READY = "pipeline.extract.ready"
_OPEN = ".open"
_LIBRARIES = ("chardet", "selectolax", "w3lib")


class ExtractReport(NamedTuple):
    """What a run did. ``verdicts``: (source or '-', verdict) → number of captures, of the files made anew."""

    made: list[str]
    unchanged: list[str]
    removed: list[str]
    verdicts: Counter[tuple[str, str]]


def extract(settings: Settings, say: Callable[[str], None]) -> ExtractReport:
    """Brings extracted/ up to date with raw/.

    Raises PraktykiError when raw/ holds no captures at all, LockHeld when another run writes to extracted/.
    """
    names = warc_files(settings.raw)
    if not names:
        raise PraktykiError(f"{settings.raw}: no captures; fill it with `praktyki import PATH…`")
    with folder_lock(settings.extracted, say):
        return _extracted(names, settings, say)


def _extracted(names: list[str], settings: Settings, say: Callable[[str], None]) -> ExtractReport:
    fingerprint = parser_fingerprint(settings.sources_dir)
    report = ExtractReport([], [], [], Counter())
    headers: dict[str, ExtractedHeader] = {}
    for name in names:
        header = _header(settings.raw, name, fingerprint)
        if header_of(settings.extracted / extracted_name(name)) == header:
            report.unchanged.append(name)
        else:
            headers[name] = header
    report.removed.extend(_without_archive(settings.extracted, names))
    by_file = groupby(_parsed(headers, settings), key=itemgetter(0))
    for name, parts in tracked(by_file, "extract: archive files", len(headers)):
        head: Iterable[ExtractedItem] = chain([headers[name]], revisits_in(settings.raw, name))
        _write(settings.extracted / extracted_name(name), head, parts, report.verdicts)
        report.made.append(name)
        say(f"extracted {shown(name)}")
    return report


def _header(raw: Path, warc_file: str, fingerprint: str) -> ExtractedHeader:
    digests = archive_digests(raw / warc_file)
    return ExtractedHeader(
        warc_file=warc_file,
        index_digest=digests.index_sha256,
        fingerprint=fingerprint,
        warc_sha256=digests.warc_sha256,
        warc_bytes=digests.warc_bytes,
    )


def extracted_name(warc_file: str) -> str:
    """Path of the extracted file of a WARC file, both relative to their stage's folder."""
    return warc_file.removesuffix(".gz").removesuffix(".warc") + SUFFIX


def header_of(path: Path) -> ExtractedHeader | None:
    """First line of an extracted file; None when the file is missing or has not the length that its last line says."""
    try:
        with path.open("rb") as file:
            item = from_json_line(file.readline())
            return item if isinstance(item, ExtractedHeader) and has_end(file) else None
    except (OSError, msgspec.MsgspecError):
        return None


def extracted_pages(path: Path) -> Iterator[tuple[int, ExtractedPage]]:
    """Byte offset and page of every line after the header. Raises ExtractError naming the file when a line is broken."""
    with path.open("rb") as file:
        offset = len(file.readline())
        for line in file:
            try:
                item = from_json_line(line)
            except msgspec.MsgspecError as error:
                raise ExtractError(
                    f"{path}: broken line at byte {offset} ({error}); delete the file and extract again"
                ) from error
            if isinstance(item, ExtractedPage):
                yield offset, item
            offset += len(line)


def parser_fingerprint(sources_dir: Path | None) -> str:
    """Digest of everything that decides how a page is read: code, source files, versions of the libraries they use."""
    package = Path(__file__).resolve().parent.parent
    files = [package / "records.py"]
    for room in ("extract", "sources", "normalise"):
        files += sorted(path for path in (package / room).rglob("*") if path.suffix in (".py", ".toml"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    if sources_dir is not None:
        from pipeline.sources.discovery import discovered_sources

        for source in discovered_sources(sources_dir):
            for path in source.files:
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    for library in LIBRARIES:  # of the extra: pages are read anew once it is installed
        try:
            digest.update(f"{library} {version(library)}\0".encode())
        except PackageNotFoundError:
            digest.update(f"{library} -\0".encode())
    return digest.hexdigest()[:16]


def _write(
    target: Path,
    head: Iterable[ExtractedItem],
    parts: Iterable[Lines],
    verdicts: Counter[tuple[str, str]],
) -> None:
    aside = target.with_name(target.name + _OPEN)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w+b") as file:
            file.writelines(map(json_line, head))
            lines = ((line, verdict) for part in parts for line, verdict in zip(part.lines, part.verdicts, strict=True))
            for line, verdict in tracked(lines, "extract: pages"):
                file.write(line)
                verdicts[verdict] += 1
            file.write(end_line(file))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        whole(target)
    except OSError as error:
        raise ExtractError(f"{target}: cannot be written ({error.strerror}); free some space or mend its folder") from error
    finally:
        aside.unlink(missing_ok=True)


def _parsed(names: Collection[str], settings: Settings) -> Iterator[Lines]:
    """Lines of all captures of the named WARC files, file by file; at least one part, be it empty, for each file."""
    if not names:
        return
    from pipeline.extract.worker import become_worker, extracted_lines, lines_of, quarantined

    def one_by_one(chunk: Chunk) -> Lines:
        if len(chunk.captures) == 1:
            reason = "page killed its worker twice (memory, or a crash inside a library)"
            return lines_of(chunk.warc_file, [quarantined(chunk.captures[0], reason)])
        singles = [chunk._replace(captures=(capture,)) for capture in chunk.captures]
        parts = list(workers.results(extracted_lines, singles, one_by_one))
        verdicts = [verdict for part in parts for verdict in part.verdicts]
        return parts[0]._replace(lines=[line for part in parts for line in part.lines], verdicts=verdicts)

    with workers_of(settings, become_worker, _READY) as workers:
        chunks = (chunk for name in names for chunk in _chunks(name, settings))
        yield from workers.results(extracted_lines, chunks, one_by_one)


def _chunks(warc_file: str, settings: Settings) -> Iterator[Chunk]:
    from pipeline.extract.worker import Chunk

    captures: Iterator[Capture] = iter(captures_in(settings.raw, warc_file))
    raw = where_of(settings.raw)
    batch = tuple(islice(captures, CHUNK))
    yield Chunk(warc_file, raw, settings.sources_dir, batch)
    while batch := tuple(islice(captures, CHUNK)):
        yield Chunk(warc_file, raw, settings.sources_dir, batch)


def _without_archive(extracted: Path, warc_names: list[str]) -> Iterator[str]:
    """Removes extracted files whose WARC file is no longer there; their names."""
    wanted = {extracted_name(name) for name in warc_names}
    for left_over in sorted(extracted.rglob(f"*{SUFFIX}{_OPEN}")):
        left_over.unlink()
    for path in sorted(extracted.rglob(f"*{SUFFIX}")):
        name = path.relative_to(extracted).as_posix()
        if name not in wanted:
            path.unlink()
            yield name
