# Every target sets up what it needs in .venv; nothing has to be installed by hand but Python 3.11+.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-fast coverage check format bench prediction faults search peers screenshots snapshots clean

demo: $(VENV)/.run  ## open the app on an embedded service with sample people
	@$(BIN)/scim-tui demo

test: check  ## every check: style, types, import contracts, tests
	$(BIN)/python -m pytest -n 4 --dist worksteal

test-fast: $(VENV)/.dev  ## the pure parts, in under a minute
	$(BIN)/python -m pytest -q -n 4 --dist worksteal tests/unit

coverage: $(VENV)/.dev  ## the tests again, with the lines they run
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=90

check: $(VENV)/.dev  ## everything static
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.bench  ## print the tables of ratios
	$(BIN)/python -m benchmarks

prediction: $(VENV)/.dev  ## predict 20,000 broken people, then really send them
	$(BIN)/python -m benchmarks.prediction

faults: $(VENV)/.dev  ## rotate tokens while everything goes wrong, and count what is lost
	$(BIN)/python -m benchmarks.faults

EXAMPLES ?= 5000
search: $(VENV)/.dev  ## look for an order of events that loses a token, in new places each time
	ROTATION_SEARCH=$(EXAMPLES) $(BIN)/python -m pytest -q -n 2 tests/core/test_rotation_search.py tests/unit/test_rotation_laws.py

peers: $(VENV)/.dev  ## the contract against every server, also those that take minutes to install
	SCIM_TUI_PEERS=all $(BIN)/python -m pytest -q tests/contract

screenshots: $(VENV)/.dev  ## draw every screen and dialog as SVG and PNG
	$(BIN)/python -m tests.screenshots

snapshots: $(VENV)/.dev  ## write anew what every screen shows, as text that is compared in the tests
	rm -f tests/snapshots/*/*.txt
	REWRITE_SNAPSHOTS=1 $(BIN)/python -m pytest -q -n 4 tests/snapshots

clean:
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

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@touch $@
