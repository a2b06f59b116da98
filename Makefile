# make report and make test are the two commands of README.md; both create the environment on a bare machine.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: env report test lint bench proofs clean

env: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found; try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "python3 lacks venv; on Debian: apt install python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the environment into .venv (a few minutes, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,cluster]'
	@touch $@

report: env
	@$(BIN)/python -m numerics prune digits
	@$(BIN)/python -m numerics prune sets
	@$(BIN)/python -m numerics prune turned_digits
	@$(BIN)/python -m numerics prune planar_graphs
	@$(BIN)/python -m numerics prune atlas
	@$(BIN)/python -m checks

test: env
	@$(BIN)/python -m pytest tests checks -n auto

lint: env
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports

# Debian: coq libcoq-mathcomp-{ssreflect,fingroup,algebra,zify,algebra-tactics}; no Python package is needed.
proofs:
	@$(PYTHON) theory/proofs.py

# Solvers to compare with: .venv/bin/pip install -e '.[peers]'; the benchmark lists those that are missing.
bench: env
	@$(BIN)/python benchmarks/subset_sum.py --out out/bench

clean:
	rm -rf .venv out
	@find theory/formal -name '.*.aux' -delete -o -name '*.vo*' -delete -o -name '*.glob' -delete
