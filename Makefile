# Praktyki: every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PRAKTYKI := $(BIN)/praktyki

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-replay setup-browser setup-bench demo test crawl extract datasets report all scheduled bench bench-quick check lint generate lock screenshots clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.run ## .venv/ with the console script; instant when nothing changed
setup-dev: $(VENV)/.dev ## .venv/ with what lint and tests need as well

$(VENV)/.run: requirements/run.txt requirements/extras.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Praktyki needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name another with make PYTHON=...")'
	@echo "setting up $(VENV)/ (once; some minutes on a slow line)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# Twice quiet: langdetect has a setup.py alone, and older pips warn of that at length. Errors are shown.
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/extras.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# Where PYTHONDONTWRITEBYTECODE is set (many containers) every command would compile what it imports.
	@$(BIN)/python -m compileall -q pipeline
	@touch $@

setup-replay: .venv-replay/.done ## .venv-replay/ with pywb, for the tests that replay the archive; they are skipped without

.venv-replay/.done: requirements/replay.txt
	@echo "setting up .venv-replay/ (once; pywb, only for tests)"
	@test -x .venv-replay/bin/python || $(PYTHON) -m venv .venv-replay
	@.venv-replay/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/replay.txt
	@touch $@

setup-browser: setup ## Chromium (as root, through apt-get) and npm packages for the tests in a browser; they are skipped without
	@.ci/setup-browser
	@touch $(VENV)/.browser

# Once, with or without success: what is missing then is said by each test that is skipped, and `make setup-browser` tries again.
$(VENV)/.browser: .ci/setup-browser | $(VENV)/.run
	@timeout 300 .ci/setup-browser || echo "the set-up of the browser took over five minutes: its tests are skipped"
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup-bench: .venv-bench/.done ## .venv-bench/ with the peers that benchmarks measure against

.venv-bench/.done: requirements/run.txt requirements/extras.txt requirements/bench.txt
	@echo "setting up .venv-bench/ (once; only for benchmarks)"
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/extras.txt -r requirements/bench.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the main job on the bundled sample site, under demo-data/
	@$(PRAKTYKI) demo

test: setup-dev $(VENV)/.browser ## the test suite; no outside network but for what it needs, once
	@$(BIN)/python -m pytest -n 2 --dist loadfile

crawl: setup ## live crawl into raw/; SOURCE="a b" for some, all without; needs PRAKTYKI_CONTACT or praktyki.toml
	@$(PRAKTYKI) crawl $(SOURCE)

extract: setup ## raw/ to extracted/
	@$(PRAKTYKI) extract

datasets: setup ## extracted/ to a checked snapshot in datasets/
	@$(PRAKTYKI) build

report: setup ## report.html of the latest snapshot
	@$(PRAKTYKI) report

all: extract datasets report ## extract, datasets, report

scheduled: setup ## crawl, extract, datasets, report as a schedule runs them (deploy/); SOURCE as above
	@deploy/scheduled $(PRAKTYKI) $(SOURCE)

bench: setup-bench ## every figure beside its peer and its limit; BENCH="f2_scale --largest 300000" for some; benchmarks/results/
	@.venv-bench/bin/python -m benchmarks $(BENCH)

bench-quick: setup-bench ## the same on small corpora, in under three minutes
	@.venv-bench/bin/python -m benchmarks --quick

lint: setup-dev ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: lint test ## lint, types, tests, generated files current

generate: setup ## write the generated files (docs/DATA_DICTIONARY.md, pipeline/schema/released/) anew
	@$(PRAKTYKI) dictionary --write

lock: ## renew the hashed requirement files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q requirements/run.in -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q requirements/extras.in -o requirements/extras.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q requirements/dev.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q requirements/replay.in -o requirements/replay.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q requirements/bench.in -o requirements/bench.txt

screenshots: setup-dev demo ## the pictures of docs/images/, taken in Chromium (make setup-browser)
	@$(PRAKTYKI) report --data-dir demo-data
	@PYTHONPATH=tests $(BIN)/python tests/screenshots.py

clean: ## remove .venv/, .venv-replay/, .venv-bench/ and demo-data/; raw/, extracted/ and datasets/ stay
	rm -rf $(VENV) .venv-replay .venv-bench demo-data
