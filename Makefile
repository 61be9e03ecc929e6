# Campanile. `make` or `make help` lists the commands. All of them install what they need into .venv first;
# that takes Python 3.11, make and git, nothing else. Paths inside are relative, so the clone may live in a
# folder with spaces in its name.

.DEFAULT_GOAL := help
SHELL := /bin/sh
RUN := .venv/bin/python -m config.dev

# the first of these that is a working Python 3.11 or newer (a pyenv shim may exist and not work)
FIND_PYTHON = for p in python3.11 python3 /usr/bin/python3.11 python3.13 python3.12; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done

.PHONY: help demo test check stop clean requirements messages screenshots audit sbom openapi fuzz-api clients

help: ## show this list
	@echo "Campanile: make <command>"
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' Makefile

demo: .venv/.stamp ## run the demonstration: two schools, simulator, web, workers (PORT=8000; Ctrl-C ends it)
	@$(RUN) demo

test: .venv/.stamp ## all checks and all tests (ARGS="tests/core -k name" for some tests, without the checks)
	@$(RUN) test $(ARGS)

check: .venv/.stamp ## lint, types, import contracts, templates, migrations, translations, settings
	@$(RUN) check

stop: ## end everything that demo and test started
	@if [ -x .venv/bin/python ]; then $(RUN) stop; else echo "Nothing was ever started here."; fi

clean: ## stop, then delete the demonstration's data, the test servers and all caches
	@if [ -x .venv/bin/python ]; then $(RUN) clean; else rm -rf .run build; fi

requirements: .venv/.stamp ## pin requirements/*.in again (with hashes) after a change
	@$(RUN) requirements

messages: .venv/.stamp ## collect the texts to translate into locale/fr/LC_MESSAGES/django.po
	@.venv/bin/python manage.py messages

clients: openapi ## make clients/ (typed Python client, TypeScript types) again from docs/openapi
	@.venv/bin/python -m config.dev.clients

fuzz-api: .venv/.stamp ## 500 random requests to each operation of the API (FUZZ_EXAMPLES=500; an hour or more)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-500} $(RUN) test tests/api/test_fuzz.py -n auto --dist load

openapi: .venv/.stamp ## make docs/openapi again from the code (after a change of the API)
	@$(RUN) openapi

audit: .venv/.stamp ## look up published vulnerabilities of the pinned packages (needs the internet)
	@$(RUN) audit

sbom: .venv/.stamp ## make build/sbom.json: a bill of materials (CycloneDX) of what production installs
	@$(RUN) sbom

screenshots: .venv/.stamp ## make docs/screenshots again from the running demonstration
	@$(RUN) screenshots

bench-%: .venv/.stamp ## one benchmark: bench-provisioning, -fleet, -directory, -imports, -tenancy, -webhooks; prints "ratio <name> <value>"
	@$(RUN) bench $* $(ARGS)

.venv/.stamp: requirements/dev.txt requirements/uv.txt config/dev/bootstrap.py
	@python=`$(FIND_PYTHON)`; if [ -z "$$python" ]; then \
		echo "Campanile needs Python 3.11 (Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv)." >&2; exit 1; fi; \
	"$$python" config/dev/bootstrap.py
