"""The bundled sample site and the command that runs the whole pipeline on it."""
