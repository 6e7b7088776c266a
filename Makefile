# The whole developer interface. Each target creates or updates .venv by itself; a fresh machine
# needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
PORT ?= 8501
HOST ?= 127.0.0.1
BIN := .venv/bin
# The matrices are tiny: threads of the linear algebra would only fight, with each other and between sessions.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
STAMP := .venv/.stamp

.PHONY: run setup test fast coverage lint data data-diff bench lock clean

run: $(STAMP)
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(HOST)

setup: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py pages components emergence data tests benchmarks scripts

fast: $(STAMP)
	$(BIN)/pytest -q -n auto -m "not browser and not slow"

# Fast ones first: lint and types, unit and property tests, pages, then the real browser.
test: lint
	$(BIN)/python -m data.build --check
	$(BIN)/python scripts/find_chromium.py
	$(BIN)/pytest -q -n auto --dist loadgroup

# Which lines the tests run (but the browser's, whose server is a process of its own), and the modules of which they run
# less than 85 %. Apart from `make test`: before Python 3.12 every line is traced, which slows the suite notably.
coverage: $(STAMP)
	COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
	$(BIN)/pytest -q -n auto --dist loadgroup -m "not browser" --cov --cov-report=
	$(BIN)/coverage report --sort=cover | awk '/^TOTAL/ { print; next } /%$$/ && $$NF + 0 < 85 { print "below 85 %:", $$0 }'

# The derived tables, then the board: only series that changed are judged again.
data: $(STAMP)
	$(BIN)/python -m data.build
	$(BIN)/python -m data.sweep --jobs -1

data-diff: $(STAMP)
	$(BIN)/python -m data.diff

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Pinned versions of the two requirement files, from pyproject.toml.
lock: $(STAMP)
	$(BIN)/python -m pip install --quiet "pip-tools>=7.5"
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header --extra app -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header --extra app --extra dev --extra cluster -o requirements-dev.txt pyproject.toml

clean:
	rm -rf .venv
