# The only door to the project: `make` tells what there is. Works with GNU make 3.81 and newer.
# T=tests/test_outbox.py make test   runs one file, folder or test.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# A half-made target is no target.
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
TOOLS := $(VENV)/tools/.set-up
T ?=

# Selenium takes the browser and driver that are there, and fetches none.
export SE_OFFLINE := true
export SE_AVOID_STATS := true

PYTEST := $(BIN)/python -m pytest
# Files go to as many processes as there are cores; one test, named by T, needs none.
SPREAD := --numprocesses=auto --dist=loadfile
# What takes values and gives values: every branch has its test.
empty :=
comma := ,
space := $(empty) $(empty)
PURE := $(subst $(space),$(comma),bot/conversation/* bot/delivery/eligibility.py bot/delivery/window.py bot/wire/errors.py handlers/*)
PYTHON_SOURCES := $(wildcard bot handlers simulator bench tests tools wsgi.py worker.py)
TYPED_SOURCES := $(wildcard bot handlers simulator bench tests/support wsgi.py worker.py)

# Leaves the first Python that is new enough, and has venv, in $$python.
define FIND_PYTHON
python=; for each in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& python=$$each && break; done; \
[ -n "$$python" ] || { echo 'Lethe needs Python 3.11 or newer with venv (on Debian: apt-get install python3-venv).' >&2; exit 1; }
endef

.PHONY: help python setup run demo test check laws bench bench-quick chaos mutants audit-deps
.PHONY: fmt fmt-check lint types imports spelling cover lock clean

help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

python: # the Python that `make setup` would use, or why there is none
	@$(FIND_PYTHON) && "$$python" --version

setup: $(STAMP) ## Make .venv with everything of requirements.lock in it

$(STAMP): pyproject.toml requirements.lock
	@$(FIND_PYTHON) && "$$python" tools/set_up.py $(VENV)
	@touch $@

demo: $(STAMP) ## Run everything here, without Meta: a chat page in the browser
	@$(BIN)/lethe demo

run: $(STAMP) ## Run web and worker with the environment or .env (embedded Valkey unless LETHE_REDIS_URL is set)
	@$(BIN)/lethe run

test: $(STAMP) ## Run the whole suite, or T=path
	@$(PYTEST) $(if $(T),$(T),$(SPREAD))

check: $(STAMP) fmt-check lint types imports spelling cover ## All that must be clean before a commit lands

laws: $(STAMP) ## Run the tests of the laws alone
	@$(PYTEST) -m laws $(T)

chaos: $(STAMP) ## Kill processes in the middle of the work, and count
	@$(PYTEST) -m chaos $(T)

bench: $(STAMP) ## Measure the program
	@$(BIN)/python -m bench

bench-quick: $(STAMP) ## Measure for a minute
	@$(BIN)/python -m bench --quick

fmt: $(STAMP) ## Lay out the code
	@$(BIN)/ruff format $(PYTHON_SOURCES)
	@$(BIN)/ruff check --fix-only --quiet $(PYTHON_SOURCES)

fmt-check: $(STAMP)
	@$(BIN)/ruff format --check $(PYTHON_SOURCES)

lint: $(STAMP) ## Check style
	@$(BIN)/ruff check $(PYTHON_SOURCES)

types: $(STAMP) ## Check types
	@$(BIN)/mypy $(TYPED_SOURCES)

imports: $(STAMP) ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

spelling: $(STAMP) ## Check the spelling of what is English
	@$(BIN)/codespell $(wildcard *.md bot deploy docs handlers tools)

cover: $(STAMP) ## Run the suite and tell which branches no test takes; the pure parts allow none
	@$(PYTEST) $(SPREAD) --cov --cov-report=
	@$(BIN)/coverage report --include='$(PURE)' --fail-under=100

mutants: $(TOOLS) ## Break the gate on purpose, piece by piece: a test must notice
	@$(VENV)/tools/bin/mutmut run
	@$(VENV)/tools/bin/mutmut results

audit-deps: $(TOOLS) ## Check the licences of what we depend on, and look for known faults in it
	@$(BIN)/python tools/licences.py
	@$(VENV)/tools/bin/pip-audit --strict --disable-pip --no-deps --requirement requirements.lock

$(TOOLS): $(STAMP)
	@echo 'Setting up the tools of mutants and audit-deps.'
	@$(BIN)/python -m venv --clear $(VENV)/tools
	@$(VENV)/tools/bin/python -m pip install --quiet --upgrade "$$(grep '^pip==' requirements.lock)"
	@$(VENV)/tools/bin/python -m pip install --quiet --requirement requirements.lock --group tools
	@touch $@

lock: $(STAMP) ## Resolve pyproject.toml anew into requirements.lock
	@$(BIN)/python tools/lock.py

clean: ## Remove what these commands made, but no data
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@rm -rf .coverage .coverage.* htmlcov mutants
