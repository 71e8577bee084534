# The two commands people need are `make run` and `make test`. `make help` lists the rest.

.DEFAULT_GOAL := help
.PHONY: help run test check test-fast bench format lock install browser

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE ?=

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(INSTALLED) ## Install what is missing, start everything, print the address and the demo logins
	@exec $(BIN)/shouwang up

test: check browser ## Everything that CI runs
	$(BIN)/python -m pytest

check: $(INSTALLED) ## Lint, formatting, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet

test-fast: $(INSTALLED) ## The tests without a browser and without long runs
	$(BIN)/python -m pytest -m "not browser and not slow"

bench: $(INSTALLED) ## Measure receipts, acts, timers and memory; figures go to docs/performance.md
	$(BIN)/python -m bench

format: $(INSTALLED) ## Bring the code into the project's format
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

lock: ## Resolve the dependencies anew into the two lock files
	$(UV) pip compile $(LOCK) --group dev pyproject.toml --output-file requirements.lock
	$(UV) pip compile $(LOCK) --constraint requirements.lock pyproject.toml --output-file deploy/requirements.lock

install: $(INSTALLED) ## Install the locked dependencies into .venv

LOCK := --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet

# uv: the one on the path, else our own copy under .tools, brought by pip.
UV := $(or $(shell command -v uv),.tools/bin/uv)

$(INSTALLED): requirements.lock pyproject.toml | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$(command -v $(PYTHON))" .venv
	@echo "installing the locked dependencies"
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.tools/bin/uv:
	@echo "fetching uv $(UV_VERSION)"
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv==$(UV_VERSION); \
	elif $(PYTHON) -m venv .tools >/dev/null 2>&1; then \
	  .tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
	else \
	  echo "this Python has neither pip nor venv: install uv, or your system's python3-venv, and run make again" >&2; \
	  exit 1; \
	fi

browser:
	@.ci/browser
