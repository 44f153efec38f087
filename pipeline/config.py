"""Settings: command line over PRAKTYKI_* over praktyki.toml over defaults. The only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.errors import ConfigError

EngineName = Literal["serial", "processes"]
ArchiveChoice = Literal["newest", "oldest"]
FILE_NAME = "praktyki.toml"
_PREFIX = "PRAKTYKI_"


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``keep_restricted = false`` drops the folder restricted/ from every snapshot."""

    keep_restricted: bool = True


class CrawlSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the crawler behaves, in ``[crawl]`` of the file.

    ``contact``: an e-mail or web address under which a publisher reaches whoever runs the crawl; no live crawl without it.
    ``seeds``: addresses beside those of the sources. ``allow_loopback`` lets the crawler reach this machine, for demo and
    tests only. ``max_wait_seconds``: a host that wants to be left alone for longer is left to a later run.

    For ``--from``: ``wayback`` is the CDX server of that name. ``archive_requests`` bounds the requests of one run to an
    archive. ``archive_choice`` of the good captures of an address, made from ``archive_since`` to ``archive_until`` (digits
    of a time, ``2019`` or ``20190131``), the newest or the oldest is taken. ``archive_mementos`` says where an archive keeps
    its captures when the address of its CDX server does not: ``https://…/{timestamp}id_/{url}``.
    """

    contact: str | None = None
    seeds: list[str] = []
    allow_loopback: bool = False
    hosts_at_once: int = 8
    min_delay_seconds: float = 0.0
    max_wait_seconds: float = 600.0
    wayback: str = "https://web.archive.org/cdx/search/cdx"
    archive_requests: int = 1000
    archive_choice: ArchiveChoice = "newest"
    archive_since: str | None = None
    archive_until: str | None = None
    archive_mementos: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run is told. ``data_dir`` holds raw/, extracted/ and datasets/. ``workers`` 0 means one a processor."""

    data_dir: Path = Path()
    sources_dir: Path | None = None
    engine: EngineName = "processes"
    workers: int = 0
    privacy: Privacy = Privacy()
    crawl: CrawlSettings = CrawlSettings()

    @property
    def raw(self) -> Path:
        """The web archive."""
        return self.data_dir / "raw"

    @property
    def extracted(self) -> Path:
        """Records as published."""
        return self.data_dir / "extracted"

    @property
    def datasets(self) -> Path:
        """Snapshots and the pointer to the latest."""
        return self.data_dir / "datasets"

    @property
    def registers(self) -> Path:
        """Register tables newer than the package's, written by ``praktyki registers update``; often absent."""
        return self.data_dir / "registers"

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return self.workers or os.cpu_count() or 1


_CRAWL_NAMES = CrawlSettings.__struct_fields__


def project_dir() -> Path:
    """The checkout the package stands in when there is one, else the current folder."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def settings_from(overrides: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a run. ``overrides`` are the options of the command line that were given (None: not given).

    ``environment`` is os.environ unless told. Raises ConfigError for an unknown or unusable setting, naming where it stands.
    """
    environment = os.environ if environment is None else environment
    base = project_dir()
    merged: dict[str, Any] = {"data_dir": str(base)}
    merged |= _file_settings(base / FILE_NAME)
    from_environment = _environment_settings(environment)
    if "crawl" in from_environment:
        from_environment["crawl"] = {**merged.get("crawl", {}), **from_environment["crawl"]}
    merged |= from_environment
    merged |= {name: value for name, value in overrides.items() if value is not None and name not in _CRAWL_NAMES}
    crawl_overrides = {name: value for name, value in overrides.items() if value is not None and name in _CRAWL_NAMES}
    if crawl_overrides:
        merged["crawl"] = {**merged.get("crawl", {}), **crawl_overrides}
    try:
        settings = msgspec.convert(merged, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"settings: {error}; see {FILE_NAME} and the {_PREFIX}* variables") from error
    crawl = settings.crawl
    if crawl.hosts_at_once < 1 or crawl.min_delay_seconds < 0 or crawl.max_wait_seconds < 0:
        raise ConfigError("settings: [crawl] hosts_at_once must be 1 or more, delays and waits 0 or more")
    if crawl.archive_requests < 1:
        raise ConfigError("settings: [crawl] archive_requests must be 1 or more")
    for name in ("archive_since", "archive_until"):
        value = getattr(crawl, name)
        if value is not None and not (value.isascii() and value.isdigit() and 4 <= len(value) <= 14 and len(value) % 2 == 0):
            raise ConfigError(f"settings: [crawl] {name} is {value!r}; write digits of a time, e.g. 2019 or 20190131")
    if settings.workers < 0:
        raise ConfigError(f"settings: workers is {settings.workers}, it must be 0 (one a processor) or more")
    return settings


def _path(type_: type, value: Any) -> Any:
    if type_ is Path and isinstance(value, str | Path):
        return Path(value)
    raise NotImplementedError(f"a setting of type {type_.__name__} cannot be read from {type(value).__name__}")


def _file_settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        loaded: dict[str, Any] = msgspec.toml.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    unknown = sorted(set(loaded) - set(Settings.__struct_fields__))
    if unknown:
        raise ConfigError(f"{path}: unknown setting {', '.join(unknown)}; known are {', '.join(Settings.__struct_fields__)}")
    for name in ("data_dir", "sources_dir"):
        if isinstance(loaded.get(name), str):
            loaded[name] = str(path.parent / loaded[name])
    return loaded


def _environment_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable in sorted(environment):
        if not variable.startswith(_PREFIX):
            continue
        name = variable.removeprefix(_PREFIX).lower()
        if name == "keep_restricted":
            found["privacy"] = {"keep_restricted": environment[variable]}
        elif name in _CRAWL_NAMES:
            value = environment[variable]
            found.setdefault("crawl", {})[name] = value.split() if name == "seeds" else value
        elif name in Settings.__struct_fields__ and name not in ("privacy", "crawl"):
            found[name] = environment[variable]
        else:
            known = [
                *(f for f in Settings.__struct_fields__ if f not in ("privacy", "crawl")),
                "keep_restricted",
                *_CRAWL_NAMES,
            ]
            raise ConfigError(
                f"environment: {variable} is no setting; known are {', '.join(_PREFIX + f.upper() for f in known)}"
            )
    return found
