# `make run` and `make test` are all that a fresh Debian or Ubuntu with Python 3.11+ needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# How many tests run at once. Half of their time is sleep, so more than twice as many as CI has cores.
JOBS ?= 4

# What the page's code editor is built to, and what of.
EDITOR := bot/platforms/web/static/editor.js
EDITOR_SOURCE := $(addprefix tools/editor/,editor.js looks.js build.js package.json package-lock.json)

.PHONY: help run serve test lint format docs editor wheel bench lock clean
help: ## list what there is to make
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.bytecode ## start the terminal chat (reads commands from a pipe, too)
	@$(BIN)/tutor chat

serve: $(VENV)/.bytecode ## start every configured platform and the playground
	@$(BIN)/tutor serve

# The tests' own byte code is kept as well, for each worker and the next time.
test: $(VENV)/.dev $(VENV)/.bytecode ## run all tests
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q $(ARGS)

lint: $(VENV)/.dev ## ruff, mypy --strict, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## write what is generated in docs/ and lessons/
	@$(BIN)/python -m tests.docs.pages
	@$(BIN)/python -m tests.e2e.discord.learners_page

editor: $(EDITOR) ## build the page's code editor (without it: a plain text area)

wheel: $(VENV)/.dev editor ## build dist/*.whl and the source distribution, with the editor inside
	@$(BIN)/python -m build --no-isolation

bench: $(VENV)/.dev $(VENV)/.bytecode ## measure; a table and .bench/*.json
	@$(BIN)/python -m tests.bench $(ARGS)

lock: $(VENV)/.python ## pin requirements/*.in, with hashes
	@$(BIN)/python -m pip install -q uv
	@for name in build runtime dev editor; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $(ARGS) requirements/$$name.in -o requirements/$$name.txt; \
	done

clean: ## remove what `make` made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench build dist *.egg-info \
	  tools/editor/node_modules $(EDITOR) $(EDITOR:.js=.licenses.txt)

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo "Setting up $(VENV) ..." >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
	  -r requirements/build.txt >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
	  --no-build-isolation -r requirements/runtime.txt >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $@

# Where Python writes no bytecode of its own accord, each start would compile the whole bot, and the
# sandbox's server its part once more. It only saves time, so a folder that is read-only is no fault.
$(VENV)/.bytecode: $(VENV)/.runtime $(shell find bot -name '*.py')
	@$(BIN)/python -m compileall -q bot || true
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
	  --no-build-isolation -r requirements/dev.txt >&2
	@touch $@

# Node 18 or newer with npm, where the system has it; else the one that PyPI brings.
$(EDITOR): $(EDITOR_SOURCE)
	@if ! { command -v npm && node -e 'process.exit(+(parseInt(process.versions.node) < 18))'; } >/dev/null 2>&1; then \
	  $(MAKE) -s $(VENV)/.node && PATH="$(abspath $(BIN)):$$PATH"; \
	fi; \
	cd tools/editor && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 && node build.js >&2

$(VENV)/.node: $(VENV)/.python requirements/editor.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/editor.txt >&2
	@touch $@
