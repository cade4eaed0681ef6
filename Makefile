# The chores. `make` lists them; each is one verb, at most three lines.
.DEFAULT_GOAL := help
.PHONY: help setup run demo demo-check worker test test-postgres check format lint types imports lint-processes golden wheel lock
BIN := .venv/bin

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' Makefile

.venv/installed: requirements.lock pyproject.toml
	python3 -m venv .venv && awk '/^[a-z]/ {on = /^uv==/} on' requirements.lock > .venv/uv.lock && $(BIN)/pip install -q --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install -q -p $(BIN)/python --require-hashes -r requirements.lock || $(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e . && touch $@

setup: .venv/installed  ## Install into .venv from the lock, build the front end
	@$(BIN)/python hatch_build.py

run: setup  ## Serve on http://127.0.0.1:8000, with a demo company if there is none
	$(BIN)/renoflow demo --if-empty
	$(BIN)/renoflow serve

demo: setup  ## Make the demo company anew
	$(BIN)/renoflow demo

demo-check: setup  ## Make the whole demo aside, see that it shows everything, replay it (part of make test)
	$(BIN)/pytest -q tests/engine/demo

worker: setup  ## Perform due jobs (PostgreSQL)
	$(BIN)/renoflow worker

test: setup  ## Run all tests
	$(BIN)/pytest -n 2

test-postgres: setup  ## Run the tests that need PostgreSQL alone
	$(BIN)/pytest -m postgres

check: lint types imports lint-processes test  ## All that CI runs

format: setup  ## Tidy the Python sources
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lint: setup  ## Look for untidy Python
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup  ## Check the types of engine/
	$(BIN)/mypy

imports: setup  ## Check who may import whom
	$(BIN)/lint-imports --no-logo

lint-processes: setup  ## Check the diagrams, forms and decision tables
	$(BIN)/renoflow procedures lint processes

golden: setup  ## Rewrite the recorded logs of the stories; review the difference
	RENOFLOW_REWRITE_GOLDEN=1 $(BIN)/pytest -q tests/processes

wheel: setup  ## Build the wheel into dist/
	$(BIN)/pip wheel -q --no-deps --no-build-isolation -w dist .

lock: setup  ## Pin the packages of pyproject.toml anew, with hashes
	$(BIN)/uv pip compile pyproject.toml --extra test --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" --upgrade -q -o requirements.lock
	$(BIN)/python -m tests.house.third_party > THIRD_PARTY.md
