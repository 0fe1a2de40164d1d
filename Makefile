# Digital Mindset. `make help` explains every target.
PYTHON ?= python3
BIN := .venv/bin
CATALOGUE := src/mindset/locale/cy/LC_MESSAGES/django.po
DIR ?= ../shared/data/processes-outcomes-forecasts

.PHONY: help install install-dev demo serve test test-postgresql test-slow check format docs messages extract vectors bench torture clean

help: ## Show what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.venv/.made: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.made-dev: .venv/.made requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.made ## Set everything up in .venv (about a minute, 0.8 GB)

install-dev: .venv/.made-dev ## The same, with what tests and checks need

demo: install ## Build the demonstration council, run the practice over it and open the pages
	$(BIN)/mindset demo

serve: install ## Open the application on your own data
	$(BIN)/mindset serve

test: install-dev messages ## Run the tests (quick ones; a few minutes)
	$(BIN)/python -m pytest -q -m "not slow"

test-postgresql: install-dev ## Run what touches the database on the PostgreSQL of MINDSET_DATABASE
	@test -n "$$MINDSET_DATABASE" || { echo "Set MINDSET_DATABASE, or run: .ci/with-postgresql make test-postgresql"; exit 1; }
	$(BIN)/python -m pytest -q -m "not slow and not browser"

test-slow: install-dev messages ## Run the tests that take minutes each
	$(BIN)/python -m pytest -q -m slow

check: install-dev ## Run the linters, the type checker and the architecture contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev ## Put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install ## Write the reference pages and the snapshot of names from the declarations
	$(BIN)/python -m docs.build

messages: install ## Compile the translations
	@$(BIN)/pybabel -q compile -D django -d src/mindset/locale

extract: install ## Bring the catalogues up to date with the sentences in the code
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k NN_:1,2 -k counted:1,2 --no-location --sort-output -o /tmp/mindset.pot .
	$(BIN)/pybabel -q update -N -D django --no-wrap -i /tmp/mindset.pot -d src/mindset/locale
	@sed -i -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d' $(CATALOGUE)
	@rm /tmp/mindset.pot

vectors: install ## Run every vector suite under DIR (make vectors DIR=../shared/data/TOPIC)
	@$(BIN)/python -m tests.vectors $(DIR)

bench: install-dev ## Run the benchmarks beside their peers and print ratios and peak memory
	$(BIN)/python -m benchmarks.processes
	$(BIN)/python -m benchmarks.decisions
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.backup
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.xes

torture: install-dev ## Kill writers, fill the disk, let writers meet (about 3 minutes)
	$(BIN)/python -m tests.torture

clean: ## Remove the environment and everything built
	rm -rf .venv dist build
