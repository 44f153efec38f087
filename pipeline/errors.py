"""The exceptions of Praktyki, by cause and stage.

    PraktykiError                     exit code 1
    ├── UsageError                    exit code 2
    │   ├── ConfigError
    │   └── SourceSpecError
    ├── RefusedByGate                 exit code 3
    ├── LockHeld                      exit code 4
    │   └── ChangedMeanwhile
    ├── PartlyFailed                  exit code 5
    ├── ArchiveError
    │   ├── CaptureUnreadable
    │   └── IndexStale
    ├── ExtractError
    │   ├── MatchCountError
    │   └── PageTooHeavy
    ├── BuildError
    │   ├── SchemaError
    │   └── WorkCacheDamaged
    └── StorageError
        ├── ObjectMissing
        └── ObjectChanged

Every message is one line that names the file, address or setting and what to do about it.
"""

from __future__ import annotations


class PraktykiError(Exception):
    """Anything Praktyki gives up on. Raised by every stage; the command prints it on one line and exits 1."""

    exit_code = 1


class UsageError(PraktykiError):
    """A command was called wrongly. Raised by the command line; nothing has been touched; exits 2."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting cannot be used. Raised while settings are read, before any work; exits 2."""


class SourceSpecError(UsageError):
    """A source's TOML or module breaks the rules. Raised while sources are discovered; no stage starts; exits 2."""


class RefusedByGate(PraktykiError):
    """The checks did not pass. Raised by build; nothing is published, ``latest`` stays as it was; exits 3."""

    exit_code = 3


class LockHeld(PraktykiError):
    """Another run works in the same data folder. Raised before the first write; exits 4."""

    exit_code = 4


class ChangedMeanwhile(LockHeld):
    """Another run changed at an address what this one was about to change. Nothing of theirs is overwritten; exits 4."""


class PartlyFailed(PraktykiError):
    """Some inputs or sources failed, the rest is done and kept. Raised at the end of a run; exits 5."""

    exit_code = 5


class ArchiveError(PraktykiError):
    """raw/ cannot be written or read as it should. The run stops; whole records already written stay."""


class CaptureUnreadable(ArchiveError):
    """One record or one input file cannot be read. Import reports it, goes on with the rest and ends with exit 5."""


class IndexStale(ArchiveError):
    """A CDXJ index does not fit its WARC file. Raised by readers; the index is made anew from the WARC file."""


class ExtractError(PraktykiError):
    """A page cannot be parsed. The extract run quarantines the page with this reason and goes on."""


class MatchCountError(ExtractError):
    """A selector matched more or fewer nodes than it declares. Raised by parsers; the page is quarantined."""


class PageTooHeavy(ExtractError):
    """A page exceeds the limit on bytes, nesting or time. The page is quarantined; the run goes on."""


class BuildError(PraktykiError):
    """Rows cannot be made from extracted/. Nothing is published."""


class SchemaError(BuildError):
    """A row does not fit the declared schema: a mistake in our code, not in a page. Nothing is published."""


class WorkCacheDamaged(BuildError):
    """Something in the work cache is missing or not whole. Raised while it is read; the build makes all of it anew."""


class StorageError(PraktykiError):
    """An address cannot be read or written. The run stops; what was sent before stays, and the next run goes on from it."""


class ObjectMissing(StorageError):
    """There is no such object. Raised by storages; callers know whether that is an error."""


class ObjectChanged(StorageError):
    """An object is not, or not any more, what a conditional request expects. Raised by storages."""
