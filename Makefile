# The verbs of this house. `make` alone lists them.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
T ?= tests
# Processes that share the tests, each with servers of its own.
CORES ?= logical
DEMO ?=

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check fix bench year walk vectors diagrams train score lock clean

help:
	@echo "make demo      start everything on this machine, then open http://127.0.0.1:8000"
	@echo "make test      run the whole test suite (a part: make test T=tests/core)"
	@echo "make coverage  the tests again, and which lines and branches they reach"
	@echo "make check     formatter, linter, import rules, flow rules, types"
	@echo "make fix       format and mend what can be mended by machine"
	@echo "make bench     benchmarks, each beside its baseline (one: make bench B=hop)"
	@echo "make year      live through a year of 1,000 members, every day closed (shorter: make year Y='--members 100')"
	@echo "make walk      members press keys at random and all holds (shorter: make walk W='--hops 5000 --seed 7')"
	@echo "make vectors   run a file of worked figures through the core: make vectors F=FILE"
	@echo "make diagrams  draw the flows into docs/flows/"
	@echo "make train     make the language model from nlu/data, the same bytes every time"
	@echo "make score     how well messages are understood (on a file of your own: make score F=messages.jsonl)"
	@echo "make lock      pin the newest allowed dependencies again"
	@echo "make clean     remove the virtual environment and caches"

# A stamp per set of dependencies, so that a second call installs nothing and needs no network.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 with venv is needed (PYTHON=... to name one)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the locked dependencies"
	@test -f $(VENV)/.test && test ! requirements.txt -nt $(VENV)/.test || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/.test: requirements-test.txt pyproject.toml | $(BIN)/python
	@echo "installing the locked dependencies with the test extras"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

demo: $(VENV)/.run
	@exec $(BIN)/imarisha demo $(DEMO)

TESTS = $(BIN)/python -m pytest --numprocesses $(CORES) --maxprocesses 4 --dist worksteal

test: $(VENV)/.test
	@$(TESTS) $(T)

# Apart from the tests, because tracing every line takes half as long again.
coverage: $(VENV)/.test
	@$(TESTS) --cov --cov-report= $(T)
	@$(BIN)/coverage report --skip-covered --skip-empty $(if $(filter tests,$(T)),,--fail-under=0) | tail -n 25

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m dialogs.check
	$(BIN)/python -m dialogs.draw --check docs/flows
	$(BIN)/mypy

fix: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test
	@$(BIN)/python -m tests.benchmarks $(B)

year: $(VENV)/.test
	@$(BIN)/python -m tests.year $(Y)

walk: $(VENV)/.test
	@$(BIN)/python -m tests.walk $(W)

vectors: $(VENV)/.test
	@test -n "$(F)" || { echo "which file? make vectors F=FILE" >&2; exit 2; }
	@$(BIN)/python -m tests.vectors "$(F)"

diagrams: $(VENV)/.test
	@$(BIN)/python -m dialogs.draw docs/flows

train: $(VENV)/.test
	@OMP_NUM_THREADS=1 $(BIN)/python -m nlu.train

# F: labelled JSONL files; D: a folder with the public sets injongo_swa and banking77.
score: $(VENV)/.test
	@OMP_NUM_THREADS=1 $(BIN)/python -m nlu.score $(F) $(if $(D),--benchmark $(D))

# Needs uv (pip install uv). The lock names no index host.
lock:
	uv pip compile requirements.in -o requirements.txt --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --upgrade
	uv pip compile requirements-test.in -o requirements-test.txt --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --upgrade -c requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
