"""Personal data where none may stand: detectors over every public cell and every generated file."""
