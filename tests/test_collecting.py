"""Memory that finished work leaves free is given back where a process holds much, and only there."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import collecting
from pipeline.collecting import give_back_memory


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the C library is asked to keep when memory is given back."""
    found: list[int] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(malloc_trim=found.append))
    return found


def test_much_is_given_back(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_PLENTY", 0)
    give_back_memory()
    assert asked == [0]


def test_little_is_kept(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_PLENTY", 1 << 60)
    give_back_memory()
    assert asked == []


def test_where_memory_cannot_be_told_nothing_is_done(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_proc(path: Path) -> bytes:
        raise FileNotFoundError(path)

    monkeypatch.setattr(collecting, "_PLENTY", 0)
    monkeypatch.setattr(Path, "read_bytes", no_proc)
    give_back_memory()
    assert asked == []


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_PLENTY", 0)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    give_back_memory()
