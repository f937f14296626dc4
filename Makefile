# The commands of this project; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV ?= .venv
SERVERS := .venv-servers
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
# One more than there are cores: somewhere a test waits for a server or a browser.
WORKERS := $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
SOURCES := connectors metrics dashboard tests benchmarks

# Compiled once and kept, whatever the machine says: without it every process compiles all it imports, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check run bench lock pictures servers clean

demo: $(VENV)/ready          ## set up, build a made-up company, open the dashboard on 127.0.0.1:8501
	@$(BIN)/bellwether demo --folder demo
	@$(BIN)/bellwether --settings demo/settings.toml serve

run: $(VENV)/ready           ## open the dashboard on your own settings.toml
	@$(BIN)/bellwether serve

test: $(VENV)/ready-dev      ## set up and run all tests
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(VENV)/ready-dev     ## format, lint, strict types, house rules
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_house.py

bench: $(VENV)/ready-dev     ## measure: speed, memory, how early planted troubles are found
	@$(BIN)/python -m benchmarks

pictures: $(VENV)/ready-dev  ## take the screenshots of the demo in docs/pictures anew
	@$(BIN)/python -m benchmarks.pictures

servers: $(SERVERS)/ready    ## install the real systems (Debian packages, sudo) that tests/servers starts; docs/testing.md

lock:                        ## resolve the lock files anew (asks the registry)
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install -q uv
	build/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --group build pyproject.toml -o requirements.lock
	build/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" --group build --group dev --extra postgresql pyproject.toml -c requirements.lock -o requirements-dev.lock
	build/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" tests/servers/requirements.in -o tests/servers/requirements.txt

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || (echo "python3 has no venv here: apt-get install python3-venv"; exit 1)

$(VENV)/ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing from requirements.lock (about a minute) ..."
	@$(PIP) install -q --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing from requirements-dev.lock (about two minutes) ..."
	@$(PIP) install -q --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/ready

$(SERVERS)/ready: tests/servers/requirements.txt tests/servers/setup.sh
	@PYTHON=$(PYTHON) tests/servers/setup.sh $(SERVERS)

clean:                       ## remove what was made: the environment, the demo, the caches
	rm -rf $(VENV) $(SERVERS) demo build .pytest_cache .mypy_cache .ruff_cache
