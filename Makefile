# `make demo` shows Infitah at work, `make test` tries everything. Both set up what they need, inside this folder.
# Needs Python 3.11 or later, its venv module and make; nothing else.

PORT ?= 8000
STAGE ?=
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
CHROMIUM = $(shell command -v chromium-headless-shell || command -v chromium)
export PYTHONUNBUFFERED := 1
SHELL := /bin/bash
.DEFAULT_GOAL := demo
.DELETE_ON_ERROR:
.PHONY: demo start test lint bench lock format clean

demo: export INFITAH_DEMO := 1
demo: export SITE_URL ?= http://127.0.0.1:$(PORT)
demo: .venv/run
	@exec $(BIN)/python manage.py start --port $(PORT) --demo $(if $(STAGE),--stage $(STAGE))

start: .venv/run
	@exec $(BIN)/python manage.py start --port $(PORT)

test: .venv/dev lint
	@if [ -z "$(CHROMIUM)" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "== Chromium, for the tests in a browser"; \
	    apt-get update -q; for package in chromium-headless-shell chromium; do \
	        apt-get install -q -y --no-install-recommends $$package && break; \
	    done || true; \
	fi
	@if command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; then \
	    $(BIN)/python -m pytest -n 2; \
	else \
	    left=$$($(BIN)/python -m pytest -m browser --collect-only -q 2>/dev/null | grep -c '::'); \
	    echo "== Chromium is missing: $$left browser tests are left out. As root: apt-get install chromium-headless-shell"; \
	    $(BIN)/python -m pytest -n 2 -m "not browser"; \
	fi

lint: .venv/dev
	@echo "== Style, floors and rooms, types"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo 2>&1 | tail -4; exit $${PIPESTATUS[0]}
	@$(BIN)/mypy

bench: .venv/dev
	@$(BIN)/python -m bench

format: .venv/dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	@git ls-files '*.html' | xargs $(BIN)/djhtml --tabwidth 2

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url --no-emit-trusted-host \
        --no-emit-find-links --allow-unsafe

lock: .venv/dev
	$(LOCK) --output-file requirements/run.txt pyproject.toml
	$(LOCK) --extra dev --output-file requirements/dev.txt pyproject.toml

.venv/run: requirements/run.txt | .venv/bin/pip
	@echo "== Packages: pinned, checked by their hashes, into .venv (a minute or two the first time)"
	@$(PIP) install --progress-bar off --require-hashes --requirement $<
	@touch $@

.venv/dev: requirements/dev.txt | .venv/bin/pip
	@echo "== Packages to run and to test: pinned, checked by their hashes, into .venv (two minutes the first time)"
	@$(PIP) install --progress-bar off --require-hashes --requirement $<
	@touch $@ .venv/run

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Infitah needs Python 3.11 or later; this is $$($(PYTHON) --version). Try: make PYTHON=python3.11"; exit 1; }
	@echo "== A Python environment of its own, in .venv"
	@$(PYTHON) -m venv .venv >/dev/null && test -x .venv/bin/pip || \
	    { rm -rf .venv; echo "Python cannot make an environment: its venv module is missing. As root: apt-get install python3-venv"; exit 1; }

clean:
	rm -rf .venv var build *.egg-info
