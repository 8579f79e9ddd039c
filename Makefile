# What one types to run, check and change the tracker. Needs make and python3 (3.11 or newer).

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
# The stamps say for which requirements the environment was last installed.
RUNTIME := $(VENV)/.installed
DEVELOPMENT := $(VENV)/.installed-dev
ADDRESS := http://$(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)
export HOST PORT

.DEFAULT_GOAL := help
.PHONY: help demo serve prepare test test-all lint screenshots lock messages clean

help: ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "HOST and PORT say where it listens: make demo PORT=8001"

demo: prepare ## Install, load the seed article, make an admin account, and serve the site
	@$(MANAGE) load_seed
	@$(MANAGE) create_demo_admin
	@$(MAKE) --no-print-directory serve

serve: prepare ## Serve the site as it is, with the production server and its worker
	@$(BIN)/python -c 'import socket, sys; \
	    family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET; \
	    socket.create_server((sys.argv[1], int(sys.argv[2])), family=family).close()' \
	    $(HOST) $(PORT) 2>/dev/null \
	    || { echo "Cannot listen on $(HOST), port $(PORT): choose another port, as in make serve PORT=8001" >&2; exit 1; }
	@echo
	@echo "  Read the site:  $(ADDRESS)/"
	@echo "  Sign in:        $(ADDRESS)/admin/"
	@echo "  JSON API:       $(ADDRESS)/api/v1/docs/"
	@echo "  Stop it with Ctrl+C."
	@echo
	@# Both end together, on Ctrl+C too, and make says how the server ended. Without a timeout granian
	@# sometimes waits for ever for one that got Ctrl+C twice; after HUP it must begin to reload first.
	@$(MANAGE) worker & worker=$$!; \
	$(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers 2 \
	    --blocking-threads 4 --workers-kill-timeout 3 --log-level warning \
	    config.wsgi:application & server=$$!; \
	trap 'kill $$server' INT TERM; trap 'sleep 1; kill $$server' HUP; \
	wait $$server; status=$$?; \
	while kill -0 $$server 2>/dev/null; do wait $$server; status=$$?; done; \
	kill $$worker 2>/dev/null; wait $$worker; exit $$status

prepare: $(RUNTIME)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0

test: $(DEVELOPMENT) ## Run the tests on SQLite and measure what they cover
	@$(BIN)/pytest --numprocesses auto --dist worksteal --cov --cov-branch --cov-report=term --cov-report=json:.coverage.json
	@$(BIN)/python .ci/branch_coverage.py .coverage.json

test-all: test ## Run on PostgreSQL too what asks a database, and open the pages in Chromium
	@.ci/postgresql $(BIN)/pytest --numprocesses auto --dist worksteal --only-database
	@$(BIN)/pytest -m browser tests/browser

lint: $(DEVELOPMENT) ## Check style, types, templates, imports and missing migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@DJANGO_SETTINGS_MODULE=config.settings.testing $(BIN)/mypy .
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/lint-imports --no-cache
	@DJANGO_SETTINGS_MODULE=config.settings.testing $(MANAGE) makemigrations --check --dry-run

screenshots: $(DEVELOPMENT) ## Make the pictures of the editors' guide anew; needs Chromium
	@PYTHONPATH=. $(BIN)/python docs/editors-guide/make_screenshots.py

# Pip before 23.3 takes "html-clean", which uv writes, and "html_clean", which justext asks for, for two.
lock: $(DEVELOPMENT) ## Choose versions anew: requirements*.in to requirements*.txt
	@for name in requirements requirements-postgresql requirements-embedding requirements-dev; do \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	        --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt || exit 1; \
	    sed -i.bak 's/^lxml\[html-clean\]/lxml[html_clean]/' $$name.txt && rm $$name.txt.bak; \
	done

messages: $(DEVELOPMENT) ## Take new strings into the catalogues, and compile them. Needs gettext
	@$(MANAGE) makemessages --all --no-obsolete --add-location file \
	    --ignore '*/tests/*' --ignore 'tests/*' --ignore 'bench/*' --ignore '.venv/*'
	@$(MANAGE) compilemessages --ignore '.venv/*'

clean: ## Remove the virtual environment; the database in var/ stays
	rm -rf $(VENV)

$(RUNTIME): requirements.txt | $(VENV)/.created
	@echo "Installing what the tracker needs…"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements.txt | $(VENV)/.created
	@echo "Installing what developing the tracker needs…"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null \
	    || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON) here. Install it first." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name a newer one, as in make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo "Python's venv module is needed. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
