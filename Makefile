# Every target sets up what it needs in .venv; nothing has to be installed by hand but Python 3.11+.
# The text behind ## is what `make help` shows.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo dev console test test-fast test-lowest test-wheel coverage check format pre-commit \
        bench prediction faults search peers screenshots snapshots reference clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.run  ## open the app on an embedded service with sample people
	@$(BIN)/scim-tui demo

dev: $(VENV)/.console  ## the same, with its log in the console of `make console`
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/textual run --dev --command "scim-tui demo"

console: $(VENV)/.console  ## Textual's console, in a second terminal beside `make dev`
	@$(BIN)/textual console

test: check  ## every check: style, types, import contracts, tests
	$(BIN)/python -m pytest -n 4 --dist worksteal

test-fast: $(VENV)/.dev  ## the pure parts, in under a minute
	$(BIN)/python -m pytest -q -n 4 --dist worksteal tests/model tests/mapping tests/scim tests/idps tests/demo

test-lowest: | $(BIN)/python  ## the tests with the oldest versions that pyproject.toml allows
	$(PYTHON) -m venv --clear build/lowest
	build/lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/lowest/bin/uv pip install --quiet --python build/lowest/bin/python \
		--resolution lowest-direct --editable '.[dev]'
	# Old releases warn of what their newer neighbours call deprecated; that is not ours to mend.
	build/lowest/bin/python -m pytest -n 4 --dist worksteal -W ignore::DeprecationWarning

WHEEL := build/wheel
test-wheel: | $(BIN)/python  ## build the wheel, and run the tests against it instead of this folder
	rm -rf $(WHEEL)
	$(PYTHON) -m venv $(WHEEL)
	$(WHEEL)/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir $(WHEEL) .
	$(WHEEL)/bin/python -m pip install --quiet --disable-pip-version-check \
		"$$(echo $(WHEEL)/scim_tui-*.whl)[dev]"
	mkdir $(WHEEL)/beside
	cp -r tests benchmarks pyproject.toml $(WHEEL)/beside
	cd $(WHEEL)/beside && ../bin/python -c 'import scim_tui; assert "site-packages" in scim_tui.__file__'
	cd $(WHEEL)/beside && ../bin/python -m pytest -n 4 --dist worksteal --ignore tests/hygiene

coverage: $(VENV)/.dev  ## the tests again, with the lines they run
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=90

check: $(VENV)/.dev  ## everything static
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/lint-imports siblings.toml

format: $(VENV)/.dev  ## let ruff format and mend the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pre-commit: $(VENV)/.dev  ## run ruff before each commit of this clone
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pre-commit
	$(BIN)/pre-commit install

bench: $(VENV)/.bench  ## print the tables of ratios
	$(BIN)/python -m benchmarks

prediction: $(VENV)/.dev  ## predict 20,000 broken people, then really send them
	$(BIN)/python -m benchmarks.prediction

faults: $(VENV)/.dev  ## rotate tokens while everything goes wrong, and count what is lost
	$(BIN)/python -m benchmarks.faults

EXAMPLES ?= 5000
SEEDS ?= $(shell date +%s)
search: $(VENV)/.dev  ## look for an order of events that loses a token, and of keys that fails, in new places
	ROTATION_SEARCH=$(EXAMPLES) $(BIN)/python -m pytest -q -n 2 tests/core/rotation/test_rotation_search.py tests/model/rotation/test_rotation_laws.py
	MONKEY_SEEDS=$(SEEDS)-$$(($(SEEDS) + 100)) $(BIN)/python -m pytest -q -n 2 tests/tui/test_monkey.py -k random

peers: $(VENV)/.dev  ## servers, IdPs and faults of others: also those that take minutes
	SCIM_TUI_PEERS=all $(BIN)/python -m pytest -q tests/contract tests/peers

screenshots: $(VENV)/.dev  ## draw every screen and dialog as SVG and PNG
	$(BIN)/python -m tests.screenshots

snapshots: $(VENV)/.dev  ## write anew what every screen shows, as text that is compared in the tests
	rm -f tests/snapshots/*/*.txt
	REWRITE_SNAPSHOTS=1 $(BIN)/python -m pytest -q -n 4 tests/snapshots

reference: $(VENV)/.dev  ## write docs/reference anew from the actions and the parser
	$(BIN)/python -m tests.reference

clean:  ## remove everything that was installed, built or cached here
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .coverage*

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'scim-tui needs Python 3.11 or newer: make PYTHON=python3.12 demo'; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/.run $@

$(VENV)/.console: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[console]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@touch $@
