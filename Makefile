# Every door into the project. `make demo` and `make test` need nothing but Debian with Python 3.11+.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT
ifdef PARVIS_VAR
export PARVIS_VAR
endif

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test check drill bench requirements

help:
	@echo "make setup         install what running needs in .venv"
	@echo "make demo          load the demonstration and serve it on http://localhost:$(PORT)"
	@echo "make test          run every test: both databases, browser included"
	@echo "make check         format, lint, types, layers, dead code, templates, migrations"
	@echo "make drill         what takes longer"
	@echo "make bench         the benchmark table"
	@echo "make requirements  compile requirements/*.txt again"

# --- Setting up ------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Parvis needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y python3-venv; \
	else echo "Python cannot make a virtual environment here: apt-get install python3-venv"; exit 1; fi
	$(PYTHON) -m venv .venv

# Stamps: nothing is installed again until a list of requirements changes.
.venv/base.stamp: requirements/base.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/base.stamp

dev: .venv/dev.stamp

# --- The demonstration -----------------------------------------------------------------------

# PERIMETERS and COMMUNES may name official files; without them outlines are drawn schematically.
demo: export PARVIS_DEMO = 1
demo: setup
	$(BIN)/parvis migrate --verbosity 0
	$(BIN)/parvis load_lists
	$(BIN)/parvis load_demo $(if $(PERIMETERS),--perimeters "$(PERIMETERS)") $(if $(COMMUNES),--communes "$(COMMUNES)")
	$(BIN)/parvis serve

# --- Proof -----------------------------------------------------------------------------------

test: dev
	$(BIN)/python -m tests.lanes

# With the demonstration installed, so that its models are checked too.
check: export PARVIS_DEMO = 1
check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m tests.dead_code
	$(BIN)/deptry .
	$(BIN)/djlint --lint --quiet parvis
	$(BIN)/python -m tests.templates
	$(BIN)/parvis makemigrations --check --dry-run
	$(BIN)/mypy

drill: dev
	$(BIN)/python -m pytest -q -n0 -m drill -o faulthandler_timeout=1800

bench: dev
	$(BIN)/python -m tests.benchmark

requirements:
	cd requirements && uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header base.in -o base.txt
	cd requirements && uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header dev.in -o dev.txt
