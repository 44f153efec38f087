"""Who has objected: a list that recognises a person and names nobody, and the log of what was done. ``raw/objections/``.

``list.json`` holds, of each term, the lengths of its words and a digest keyed with ``key``. Whoever has both files can test a
guess, as the crawler must; the list alone, or the log alone, says nothing. All three have mode 0600, the folder 0700. They
stand in raw/ so that an archive that is moved takes its objections along.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from pipeline.archive.files import archive_errors, replaced_file, shown, synced_folder
from pipeline.errors import ConfigError
from pipeline.faults import reached
from pipeline.privacy.terms import Mark, Matcher, Term, mark_of

FOLDER: Final = "objections"
LIST_NAME: Final = "list.json"
KEY_NAME: Final = "key"
LOG_NAME: Final = "log.jsonl"
_FORMAT = "praktyki-objections-1"
_KEY_BYTES = 32
_REMEDY = "mend the disk or the rights, then run again"


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["words", "digits"]
    shape: list[int]
    digest: str


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    objections: list[_Entry]


class Objections:
    """The list of an archive."""

    def __init__(self, raw_dir: Path) -> None:
        """Reads the list; it is empty where there is none. Raises ConfigError when it cannot be used.

        A crawl or an import must not go on without a list that is there: it would let people in again.
        """
        self._folder = raw_dir / FOLDER
        self._key = self._read_key()
        self.marks: frozenset[Mark] = frozenset(self._read_list())
        if self.marks and self._key is None:
            raise ConfigError(
                f"{shown(self._folder / KEY_NAME)}: is missing, and {LIST_NAME} says nothing without it; put it back"
            )

    def __len__(self) -> int:
        return len(self.marks)

    def matcher(self, marks: Iterable[Mark] = ()) -> Matcher:
        """Looks for the terms of the marks, or of everyone who has objected."""
        return Matcher(self._key or bytes(_KEY_BYTES), [*marks] or self.marks)

    def marks_of(self, terms: Iterable[Term]) -> list[Mark]:
        """The marks of terms under this list's key; the key is made when there is none yet. Raises ArchiveError."""
        return [mark_of(term, self._made_key()) for term in terms]

    def enter(self, terms: Iterable[Term]) -> list[Mark]:
        """Enters terms; their marks. Entering one again changes nothing. Hold the lock of raw/. Raises ArchiveError."""
        marks = self.marks_of(terms)
        if not self.marks.issuperset(marks):
            self.marks = self.marks.union(marks)
            entries = [{"kind": m.kind, "shape": m.shape, "digest": m.digest} for m in sorted(self.marks)]
            content = json.dumps({"format": _FORMAT, "objections": entries}, indent=1) + "\n"
            reached("objections.list")
            self._write(LIST_NAME, content.encode("ascii"))
        return marks

    def log(self, line: Mapping[str, Any]) -> None:
        """Appends a line to the log, with the time of now; synced. Hold the lock of raw/. Raises ArchiveError.

        Each line carries a digest, under the key, of all before it and of itself: one that is changed or taken out is seen.
        """
        path = self._folder / LOG_NAME
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with archive_errors(path, _REMEDY):
            self._made_key()
            before = path.read_bytes() if path.exists() else b""
            if before and not before.endswith(b"\n"):  # a run that was cut short while it wrote
                before = before[: before.rfind(b"\n") + 1]
            told = {"at": at, **line}
            sealed = json.dumps({**told, "seal": _seal(self._made_key(), before, told)}, ensure_ascii=True)
            reached("objections.log")
            self._write(LOG_NAME, before + sealed.encode("ascii") + b"\n")

    def is_log_whole(self) -> bool:
        """Whether every line of the log stands as it was written; True where there is none."""
        path = self._folder / LOG_NAME
        if not path.is_file():
            return True
        before = b""
        for line in path.read_bytes().splitlines(keepends=True):
            try:
                told = json.loads(line)
                if told.pop("seal") != _seal(self._key or bytes(_KEY_BYTES), before, told):
                    return False
            except (ValueError, KeyError, TypeError, AttributeError):
                return False
            before += line
        return True

    def _read_key(self) -> bytes | None:
        path = self._folder / KEY_NAME
        try:
            key = bytes.fromhex(path.read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ConfigError(f"{shown(path)}: cannot be read ({error}); put the key of this list back") from error
        if len(key) != _KEY_BYTES:
            raise ConfigError(f"{shown(path)}: is no key of {_KEY_BYTES} bytes in hex; put the key of this list back")
        return key

    def _read_list(self) -> list[Mark]:
        path = self._folder / LIST_NAME
        try:
            found = msgspec.json.decode(path.read_bytes(), type=_List)
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as error:
            raise ConfigError(f"{shown(path)}: cannot be read ({error}); put the list back") from error
        if found.format != _FORMAT or not all(entry.shape and min(entry.shape) > 0 for entry in found.objections):
            raise ConfigError(f"{shown(path)}: is no list of objections of this version; put the list back")
        return [Mark(entry.kind, tuple(entry.shape), entry.digest) for entry in found.objections]

    def _made_key(self) -> bytes:
        if self._key is None:
            key = secrets.token_bytes(_KEY_BYTES)
            reached("objections.key")
            self._write(KEY_NAME, key.hex().encode("ascii") + b"\n")
            self._key = key
        return self._key

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        with archive_errors(path, _REMEDY):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)  # nobody looks into a file between its making and its own mode
            replaced_file(path, content)
            path.chmod(0o600)
            synced_folder(self._folder)


def _seal(key: bytes, before: bytes, told: Mapping[str, Any]) -> str:
    line = json.dumps(told, ensure_ascii=True).encode("ascii")
    return hashlib.blake2b(before + line, key=key, digest_size=16).hexdigest()
