"""One module a figure, discovered by its name: ``TITLE`` and ``measured(Setting) -> list[Line]``."""
