"""Settings: command line over PRAKTYKI_* over praktyki.toml over defaults. The only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import inf
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.errors import ConfigError
from pipeline.places import STAGES, S3Settings, checked_s3, is_address, joined, parsed_address

EngineName = Literal["serial", "processes", "dask"]
ArchiveChoice = Literal["newest", "oldest"]
FILE_NAME = "praktyki.toml"
_PREFIX = "PRAKTYKI_"
_MOST_CRAWL_WORKERS = 64  # of which one at a time may write to the frontier


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``keep_restricted = false`` drops the folder restricted/ from every snapshot."""

    keep_restricted: bool = True


class CrawlSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the crawler behaves, in ``[crawl]`` of the file.

    ``contact``: an e-mail or web address under which a publisher reaches whoever runs the crawl; no live crawl without it.
    ``seeds``: addresses beside those of the sources. ``allow_loopback`` lets the crawler reach this machine, for demo and
    tests only. ``max_wait_seconds``: a host that wants to be left alone for longer is left to a later run.
    ``hosts_at_once`` are asked by ``crawl_workers`` processes, each of which has hosts of its own.

    For ``--from``: ``wayback`` is the CDX server of that name. ``archive_requests`` bounds the requests of one run to an
    archive. ``archive_choice`` of the good captures of an address, made from ``archive_since`` to ``archive_until`` (digits
    of a time, ``2019`` or ``20190131``), the newest or the oldest is taken. ``archive_mementos`` says where an archive keeps
    its captures when the address of its CDX server does not: ``https://…/{timestamp}id_/{url}``.
    """

    contact: str | None = None
    seeds: list[str] = []
    allow_loopback: bool = False
    hosts_at_once: int = 8
    crawl_workers: int = 1
    min_delay_seconds: float = 0.0
    max_wait_seconds: float = 600.0
    wayback: str = "https://web.archive.org/cdx/search/cdx"
    archive_requests: int = 1000
    archive_choice: ArchiveChoice = "newest"
    archive_since: str | None = None
    archive_until: str | None = None
    archive_mementos: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run is told. ``data_dir`` holds raw/, extracted/ and datasets/. ``workers`` 0 means one a processor.

    ``raw_dir`` … place one stage elsewhere: a folder or an address (`pipeline.places`). ``data_url`` is the address given as
    ``data_dir``. A stage at an address has no folder: commands get settings whose folders are working copies of it
    (`pipeline.storage.stages`), kept below ``cache_dir``.
    """

    data_dir: Path = Path()
    data_url: str | None = None
    raw_dir: str | None = None
    extracted_dir: str | None = None
    datasets_dir: str | None = None
    registers_dir: str | None = None
    cache_dir: Path | None = None
    s3: S3Settings = S3Settings()
    sources_dir: Path | None = None
    engine: EngineName = "processes"
    workers: int = 0
    scheduler: str | None = None
    privacy: Privacy = Privacy()
    crawl: CrawlSettings = CrawlSettings()

    @property
    def raw(self) -> Path:
        """The web archive."""
        return self._folder("raw")

    @property
    def extracted(self) -> Path:
        """Records as published."""
        return self._folder("extracted")

    @property
    def datasets(self) -> Path:
        """Snapshots and the pointer to the latest."""
        return self._folder("datasets")

    @property
    def registers(self) -> Path:
        """Register tables newer than the package's, written by ``praktyki registers update``; often absent."""
        return self._folder("registers")

    def place(self, stage: str) -> str:
        """Where a stage lies: a folder or an address."""
        given: str | None = getattr(self, f"{stage}_dir")
        if given is not None:
            return given
        return joined(self.data_url, stage) if self.data_url is not None else str(self.data_dir / stage)

    def at(self, folder: Path) -> Settings:
        """The same settings with every stage in one local folder."""
        return msgspec.structs.replace(self, data_dir=folder, data_url=None, **dict.fromkeys(map(_setting, STAGES)))

    def below(self, name: str) -> Settings:
        """The same settings with every stage in one folder of the data folder, be it local or at an address."""
        if self.data_url is None:
            return self.at(self.data_dir / name)
        return msgspec.structs.replace(self.at(self.data_dir), data_url=joined(self.data_url, name))

    def placed(self, folders: Mapping[str, Path]) -> Settings:
        """The same settings with the stages named in local folders."""
        return msgspec.structs.replace(self, **{_setting(stage): str(folder) for stage, folder in folders.items()})

    @property
    def caches(self) -> Path:
        """The folder of working copies."""
        return self.cache_dir or default_cache_dir()

    def _folder(self, stage: str) -> Path:
        place = self.place(stage)
        if is_address(place):
            raise ConfigError(f"{place}: this command works on local folders only; copy it to a folder and name that")
        return Path(place)

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return self.workers or os.cpu_count() or 1


def _setting(stage: str) -> str:
    return f"{stage}_dir"


_KNOWN = tuple(name for name in Settings.__struct_fields__ if name != "data_url")
_GROUPS = ("privacy", "crawl", "s3")
_PLACES = ("data_dir", "registers_dir", "cache_dir", "sources_dir", *map(_setting, STAGES))
_S3_PREFIX = "s3_"
_CRAWL_NAMES = CrawlSettings.__struct_fields__


def project_dir() -> Path:
    """The checkout the package stands in when there is one, else the current folder."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def default_cache_dir() -> Path:
    """Where working copies lie when no setting says so: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "praktyki"


def settings_from(overrides: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a run. ``overrides`` are the options of the command line that were given (None: not given).

    ``environment`` is os.environ unless told. Raises ConfigError for an unknown or unusable setting, naming where it stands.
    """
    environment = os.environ if environment is None else environment
    base = project_dir()
    merged: dict[str, Any] = {"data_dir": str(base)}
    merged |= _file_settings(base / FILE_NAME)
    from_environment = _environment_settings(environment)
    for group in ("crawl", "s3"):
        if group in from_environment:
            from_environment[group] = {**merged.get(group, {}), **from_environment[group]}
    merged = _laid(merged, from_environment)
    given = {name: value for name, value in overrides.items() if value is not None}
    for laid in (merged, given):
        for name in _PLACES:
            if laid.get(name) == "":  # as a shell makes of a variable that is not set: the current folder is not meant
                raise ConfigError(f"settings: {name} is empty; write a folder or an address, or leave it out")
    merged = _laid(merged, {name: value for name, value in given.items() if name not in _CRAWL_NAMES})
    crawl_overrides = {name: value for name, value in given.items() if name in _CRAWL_NAMES}
    if crawl_overrides:
        merged["crawl"] = {**merged.get("crawl", {}), **crawl_overrides}
    if is_address(str(merged["data_dir"])):
        merged |= {"data_url": parsed_address(str(merged["data_dir"])).text, "data_dir": str(base)}
    try:
        settings = msgspec.convert(merged, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"settings: {error}; see {FILE_NAME} and the {_PREFIX}* variables") from error
    checked_s3(settings.s3)
    for stage in STAGES:
        _check_place(f"{stage}_dir", settings.place(stage))
    _check_place("data_dir", str(settings.data_dir))
    _check_crawl(settings.crawl)
    if settings.workers < 0:
        raise ConfigError(f"settings: workers is {settings.workers}, it must be 0 (one a processor) or more")
    return settings


def _check_place(name: str, place: str) -> None:
    """Raises ConfigError for an address that cannot be used, and for a file where a folder is meant."""
    if is_address(place):
        parsed_address(place)
        return
    try:
        is_file = Path(place).exists() and not Path(place).is_dir()
    except OSError:  # whoever opens it says what is wrong
        return
    if is_file:
        raise ConfigError(f"settings: {name} {place} is a file; write the folder")


def _check_crawl(crawl: CrawlSettings) -> None:
    """Raises ConfigError."""
    if crawl.hosts_at_once < 1 or not (0 <= crawl.min_delay_seconds < inf and 0 <= crawl.max_wait_seconds < inf):
        raise ConfigError("settings: [crawl] hosts_at_once must be 1 or more, delays and waits 0 or more")
    if not 1 <= crawl.crawl_workers <= _MOST_CRAWL_WORKERS:
        raise ConfigError(f"settings: [crawl] crawl_workers is {crawl.crawl_workers}, it must be 1 to {_MOST_CRAWL_WORKERS}")
    if crawl.archive_requests < 1:
        raise ConfigError("settings: [crawl] archive_requests must be 1 or more")
    for name in ("archive_since", "archive_until"):
        value = getattr(crawl, name)
        if value is not None and not (value.isascii() and value.isdigit() and 4 <= len(value) <= 14 and len(value) % 2 == 0):
            raise ConfigError(f"settings: [crawl] {name} is {value!r}; write digits of a time, e.g. 2019 or 20190131")


def _laid(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Settings laid over others. A data folder means all of it: what was said below of single stages is no longer meant."""
    if "data_dir" in above:
        below = {name: value for name, value in below.items() if name not in map(_setting, STAGES)}
    return {**below, **above}


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
    unknown = sorted(set(loaded) - set(_KNOWN))
    if unknown:
        raise ConfigError(f"{path}: unknown setting {', '.join(unknown)}; known are {', '.join(_KNOWN)}")
    for name in ("data_dir", "sources_dir", "cache_dir", *map(_setting, STAGES)):
        if loaded.get(name) and isinstance(loaded[name], str) and not is_address(loaded[name]):
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
        elif name.startswith(_S3_PREFIX) and name.removeprefix(_S3_PREFIX) in S3Settings.__struct_fields__:
            found.setdefault("s3", {})[name.removeprefix(_S3_PREFIX)] = environment[variable]
        elif name in _KNOWN and name not in _GROUPS:
            found[name] = environment[variable]
        else:
            known = [
                *(f for f in _KNOWN if f not in _GROUPS),
                "keep_restricted",
                *_CRAWL_NAMES,
                *(_S3_PREFIX + f for f in S3Settings.__struct_fields__),
            ]
            raise ConfigError(
                f"environment: {variable} is no setting; known are {', '.join(_PREFIX + f.upper() for f in known)}"
            )
    return found
