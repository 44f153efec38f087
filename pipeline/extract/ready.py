"""What every worker of an extract run needs, loaded by the import of this module: in the process they are forked from."""

from __future__ import annotations

import gc

from pipeline.collecting import collect_rarely
from pipeline.extract.worker import loaded_sources

collect_rarely()
loaded_sources(None)
gc.freeze()  # what is loaded stays, and is not looked through by each worker
