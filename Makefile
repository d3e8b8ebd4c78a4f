# Two commands for a newcomer: `make demo` and `make test`. They need Python 3.11 or later, make and git, nothing else.

# The system's own Python where it will do: distributions build theirs with profiles, and one that was compiled without
# them takes about 1.4 times as long. `make PYTHON=… setup` takes another.
PYTHON ?= $(shell for one in /usr/bin/python3 python3; do \
  $$one -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

# What Python compiles is kept, whatever the shell says: otherwise every program starts with seconds of compiling.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test lint lock clean

setup: $(STAMP)

$(STAMP): requirements/dev.txt requirements/installer.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ymạch needs Python 3.11 or later: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/installer.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/ymach demo

# One more at a time than a small machine has cores: who waits for a browser or a server leaves its core to another.
test: setup
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: setup
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --extra server pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --extra server --extra dev pyproject.toml -o requirements/dev.txt
	echo uv | $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 - -o requirements/installer.txt

clean:
	-$(BIN)/ymach db stop
	rm -rf $(VENV) var
