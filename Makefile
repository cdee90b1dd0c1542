# The targets a person needs. `make run` and `make test` work in a fresh clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
JOBS_POSTGRESQL ?= 3  # each waits for the server part of its time
PYTEST := $(BIN)/pytest --dist worksteal -n # as many processes; modules stay together, and all end together
unexport PYTHONDONTWRITEBYTECODE  # compiled once, not again in each of the hundreds of processes of the tests
SOURCES := pyproject.toml hatch_build.py $(shell find frontend src -type d -name node_modules -prune -o \
  -type f ! -path '*/static/dist/*' \( -path 'frontend/*' -o -name '*.html' -o -name '*.po' \) -print)

.PHONY: install dev run test test-sqlite test-postgresql lint format types contracts rules migrations messages \
  messages-complete openapi bench screenshots picture wheel

install: $(VENV)/.installed  ## virtual environment, package and front end; quick when nothing changed

$(VENV)/.installed: $(SOURCES)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[postgres]'
	touch $@

dev: $(VENV)/.dev  ## what developers and tests need besides

$(VENV)/.dev: pyproject.toml scripts/system_packages.sh | install
	scripts/system_packages.sh
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

run: install  ## migrate, create the demo company, serve on 127.0.0.1:8000 (BIHUAN_HOST, BIHUAN_PORT, BIHUAN_DATA_DIR)
	$(BIN)/bihuan init
	exec $(BIN)/bihuan serve

test: test-sqlite test-postgresql  ## everything, on both databases

test-sqlite: install dev
	BIHUAN_TEST_DATABASE=sqlite $(PYTEST) $(JOBS)

test-postgresql: install dev  ## without what says the same on either database
	$(BIN)/python scripts/with_postgresql.py $(PYTEST) $(JOBS_POSTGRESQL) -m 'not browser and not planted and not alike'

lint: dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --quiet --lint src/bihuan/web/templates

format: dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: dev
	$(BIN)/mypy

contracts: dev  ## who may import whom
	$(BIN)/lint-imports --no-cache

rules: dev  ## our own rules
	$(BIN)/python scripts/rules.py

migrations: dev  ## nothing missing, and from zero on both databases
	$(BIN)/python scripts/migrations.py
	$(BIN)/python scripts/with_postgresql.py $(BIN)/python scripts/migrations.py

messages: dev  ## extract texts, compile catalogues, name what is not translated
	$(BIN)/python scripts/messages.py

messages-complete: dev  ## the same, writing nothing
	$(BIN)/python scripts/messages.py --check

openapi: dev  ## the description of the API, docs/api/openapi.json
	$(BIN)/python scripts/openapi.py

bench: install dev
	$(BIN)/python -m bench

screenshots: install dev  ## the pages at both sizes, into screenshots/
	$(BIN)/python scripts/screenshots.py

picture: install dev  ## the pictures of the READMEs and guides, taken from the demo company
	$(BIN)/python scripts/readme_picture.py

wheel: install  ## dist/*.whl, with the front end inside
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
