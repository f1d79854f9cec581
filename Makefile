# `make help` lists what there is. Everything lives in .venv and nothing is installed outside of it, except Chromium for
# the browser tests where `make test` runs as root on a Debian system.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
HOST := 127.0.0.1
PORT := 7860
ARTICLES := corpus/sample
INDEX := sample.index

BIN := .venv/bin
CITESPAN := $(BIN)/python -m qa.cli
INSTALLED := .venv/.installed
INSTALLED_FOR_TESTS := .venv/.installed-for-tests
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Handed to the shell through the environment, so that quotes and dollar signs in a question survive.
export CITESPAN_QUESTION := $(value Q)

.DEFAULT_GOAL := help
.PHONY: help run ask index test browser lint types layers gate check clean
# A recipe that fails leaves no half-made target behind.
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: index ## install, build the index of the sample articles, open the page on 127.0.0.1:7860
	@$(CITESPAN) serve --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)"

ask: index ## answer in the terminal: make ask Q="Who founded it?"
	@$(CITESPAN) ask --index "$(INDEX)" -- "$$CITESPAN_QUESTION"

# An index of the encoder's former version cannot be added to. The sample's is put aside, not removed: who knows what has
# been uploaded to it.
index: $(INSTALLED)
	@if [ "$(INDEX)" = sample.index ] && [ -d sample.index ] && ! cmp -s index/models/manifest.json .cache/sample-encoder.json; then \
		aside="former-$$(date +%Y%m%d-%H%M%S).index"; mv sample.index "$$aside"; \
		echo "sample.index was made by another version of the encoder: it is $$aside now, and built anew" >&2; fi
	@$(CITESPAN) build "$(ARTICLES)" --index "$(INDEX)" >&2
	@if [ "$(INDEX)" = sample.index ]; then mkdir -p .cache && cp index/models/manifest.json .cache/sample-encoder.json; fi

test: $(INSTALLED_FOR_TESTS) browser ## install what the tests need and run them all
	@$(BIN)/python -m pytest

lint: $(INSTALLED_FOR_TESTS) ## ruff: style and common mistakes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(INSTALLED_FOR_TESTS) ## mypy, strict
	@$(BIN)/python -m mypy

layers: $(INSTALLED_FOR_TESTS) ## import-linter: imports run downward only
	@$(BIN)/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

gate: $(INSTALLED_FOR_TESTS) ## the known questions over the sample articles: no headline figure below its record
	@rm -rf .cache/gate
	@$(CITESPAN) build corpus/sample --index .cache/gate/index >/dev/null
	@$(BIN)/python -m eval run --dataset citespan:eval/sets/sample.jsonl --index .cache/gate/index --out .cache/gate/run --stage all >/dev/null
	@$(BIN)/python -m eval gate --report .cache/gate/run/report.json --recorded eval/sets/sample.recorded.json

check: lint types layers test gate ## all of the above

clean: ## remove the environment, the sample index and caches
	rm -rf .venv "$(INDEX)" build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Without Chromium the browser tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || [ -n "$$CITESPAN_CHROMIUM" ] || [ "$$(id -u)" != 0 ] || \
		! command -v apt-get >/dev/null || { \
		echo "installing Chromium for the browser tests" >&2; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
		echo "Chromium could not be installed; the browser tests will be skipped" >&2

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "no Python 3.11 or later found; install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or later; install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; \
		echo "no virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing (the first time this takes minutes)" >&2
	@$(PIP) install -e . -c constraints.txt
	@touch $@

$(INSTALLED_FOR_TESTS): $(INSTALLED)
	@echo "installing what the tests need" >&2
	@$(PIP) install -e ".[dev,training,milvus]" -c constraints.txt
	@touch $@
