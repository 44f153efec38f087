"""Reads the text of a file in a process of its own, so that a bomb or a crash of a reader costs this file and no other.

Time and memory are held by the operating system: the readers are libraries in C and Rust, which no signal handler of
Python can stop.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from pipeline.extract.attached.filetext import FileText

FILE_SECONDS: Final = 20.0
"""Processor time that reading a file may take: what is extracted must not depend on what else a machine does."""
_STANDS_STILL: Final = 20
"""How many times that it may last before it is taken for standing still."""
FILE_BYTES: Final = 1024**3
"""Address space of the process that reads a file."""
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]
_TOO_HEAVY: Final = "reading the file needs more memory than it may take, or crashes the reader"
# Kinds that have no reader: no process is started for them.
_NEVER_READ: Final = ("image/", "audio/", "video/")


class _Task(msgspec.Struct, frozen=True):
    media_type: str | None
    url: str | None


def read_file(body: bytes, media_type: str | None, url: str | None, kind: str | None) -> FileText:
    """Text of a file, or the reason why there is none. Takes FILE_SECONDS of processor time at most.

    Raises OSError when no process starts. ``media_type`` and ``url`` are what the capture tells, ``kind`` is the type told by
    content.
    """
    if (kind or "").startswith(_NEVER_READ):
        return FileText(None, f"a file of type {kind} holds no text")
    task = msgspec.json.encode(_Task(media_type, url))
    command = [sys.executable, "-m", "pipeline.extract.attached.filereader"]
    try:
        done = subprocess.run(  # noqa: S603  # this very program, with no word from outside on its command line
            command,
            input=len(task).to_bytes(4, "big") + task + body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_PACKAGE_ROOT,
            timeout=_STANDS_STILL * FILE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FileText(None, f"reading the file takes longer than {_STANDS_STILL * FILE_SECONDS:g} s")
    if done.returncode == -signal.SIGXCPU:
        return FileText(None, f"reading the file takes longer than {FILE_SECONDS:g} s of processor time")
    try:
        return msgspec.json.decode(done.stdout, type=FileText)
    except msgspec.MsgspecError:
        return FileText(None, _TOO_HEAVY)


def main() -> None:
    """Reads the task and the file from standard input, writes the text as JSON to standard output."""
    for limit, value in (
        (resource.RLIMIT_AS, FILE_BYTES),
        (resource.RLIMIT_CPU, int(FILE_SECONDS)),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(limit)
        resource.setrlimit(limit, (value if most == resource.RLIM_INFINITY else min(value, most), most))
    from pipeline.extract.attached.files import Told, file_text

    length = int.from_bytes(sys.stdin.buffer.read(4), "big")
    task = msgspec.json.decode(sys.stdin.buffer.read(length), type=_Task)
    try:
        read = file_text(sys.stdin.buffer.read(), Told(task.media_type, task.url))
    except MemoryError:
        read = FileText(None, _TOO_HEAVY)
    sys.stdout.buffer.write(msgspec.json.encode(read))


if __name__ == "__main__":
    main()
