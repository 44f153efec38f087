"""What every worker of a build needs, loaded by the import of this module: in the process they are forked from."""

from __future__ import annotations

import gc

from pipeline.build.workers import begin_build_work


def _load() -> None:
    begin_build_work()  # before anything makes an array of a list
    import pipeline.build.run  # noqa: F401 - with it all that workers are handed
    from pipeline.normalise.domains import suffixes
    from pipeline.normalise.languages import detection
    from pipeline.registers.territory import Territory
    from pipeline.schema.spec import tables

    tables()
    Territory.load().read()
    detection()
    suffixes()
    gc.freeze()  # what is loaded stays, and is not looked through by each worker


_load()
