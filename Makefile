.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON3 ?= python3
PYTHON := .venv/bin/python
ACTIONLINT := .slipway/bin/actionlint
# Processes that run tests side by side; conftest.py says which tests stay together.
JOBS ?= 2
# AGAIN=1 runs what failed once more, alone; the summary still lists it as rerun, since that is a fault to look for.
RERUNS := $(if $(AGAIN),--reruns $(AGAIN))
FAST := not docker and not deployed and not pulumi and not node

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up
up: machine ## Make this machine ready, deploy stack local to the local cloud and verify it
	@.venv/bin/slipway deploy -s local

.PHONY: down
down: environment ## Remove every trace of stack local and its cloud; caches and artifacts stay
	@.venv/bin/slipway down
	@$(PYTHON) -m toolchain stop

.PHONY: environment
environment: ## Make the Python environment from requirements/dev.txt, unless it is current
	@$(PYTHON3) toolchain/bootstrap.py

.PHONY: machine
machine: environment ## Install what is missing: Docker, Pulumi, plugins, base images
	@$(PYTHON) -m toolchain install

.PHONY: tools
tools: environment ## Install what works on a stack elsewhere: Pulumi and its plugins
	@$(PYTHON) -m toolchain install --only plugins

.PHONY: pipeline
pipeline: environment ## A step of a workflow: DO=prepare|preview|comment|drift|issue S=stack
	@$(PYTHON) -m pipelines $(DO) --stack $(or $(S),staging)

.PHONY: check
check: lint ## Format, lint, types, imports and the fast tests
	$(PYTHON) -m pytest -q -n $(JOBS) -m "$(FAST)" $(T)

LINTS := lint-types lint-style lint-arrows lint-migrations lint-workflows lint-generated
.PHONY: lint
lint: ## Format, lint, types, imports, workflows, and whether generated pages are current
	@$(MAKE) -j $(JOBS) --output-sync=target $(LINTS)

.PHONY: lint-types
lint-types: environment ## Types alone
	.venv/bin/mypy .

.PHONY: lint-style
lint-style: environment ## Format and lint alone
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

.PHONY: lint-arrows
lint-arrows: environment ## Who may import whom, alone
	PYTHONPATH=apps/api:apps/django_admin .venv/bin/lint-imports

.PHONY: lint-migrations
lint-migrations: environment ## Whether a migration holds a lock for long, alone
	$(PYTHON) apps/django_admin/lint_migrations.py

.PHONY: lint-workflows
lint-workflows: environment $(ACTIONLINT) ## The workflows alone
	$(ACTIONLINT) -shellcheck= -pyflakes= .github/workflows/*.yml
	.venv/bin/zizmor --quiet --offline --persona=pedantic .github/workflows

.PHONY: lint-generated
lint-generated: environment ## Whether generated pages are current, alone
	$(PYTHON) -m infra.reference --check
	$(PYTHON) -m manual --check
	PYTHONPATH=apps/api $(PYTHON) -m api.openapi_file --check

$(ACTIONLINT): | environment
	@$(PYTHON) -m toolchain install --tests --only actionlint

.PHONY: docs
docs: environment ## Write the generated pages and pictures of docs/ and apps/api/openapi.json again
	$(PYTHON) -m infra.reference
	$(PYTHON) -m manual
	PYTHONPATH=apps/api $(PYTHON) -m api.openapi_file

# Of an environment of its own: what builds the manual's site deploys nothing and tests nothing.
.PHONY: site
site: environment ## Build the manual as a site that needs no network, into site/; a warning is an error
	@.venv/bin/uv venv -q --allow-existing --python $(PYTHON) .slipway/site
	@.venv/bin/uv pip sync -q --require-hashes --python .slipway/site/bin/python requirements/site.txt
	@.slipway/site/bin/zensical build --clean --strict
	@$(PYTHON) -m manual.offline site

.PHONY: contract
contract: environment ## Record what the API's statements take and give, from a migrated database, in apps/api/api/sql/contract.json
	@PYTHONPATH=.:apps/api:apps/django_admin $(PYTHON) -m apps.tests.contract

.PHONY: client
client: ## Write the front end's client again, from apps/api/openapi.json
	cd apps/frontend && npm ci --no-audit --no-fund && npm run client

.PHONY: test
test: environment ## All tests, whole deployments included (T=path for some of them)
	@$(PYTHON) -m toolchain install --tests
	@$(PYTHON) -m pytest -n $(JOBS) --durations=15 $(RERUNS) -m "not chaos" $(T)

.PHONY: test-chaos
test-chaos: environment ## Break releases in every way while people are at work (T=path for some of it)
	@$(PYTHON) -m toolchain install --tests
	@# Three at once on two cores: a rollout waits about as long as it computes.
	@$(PYTHON) -m pytest -n 3 --durations=15 $(RERUNS) -m chaos $(or $(T),rollout/tests/chaos)

.PHONY: bench-up
bench-up: machine ## Time make up and a changed line, into docs/performance.md (ARGS=--cold: caches emptied first)
	@$(PYTHON) -m benchmarks.up $(ARGS)

.PHONY: bench-api
bench-api: environment ## Measure the API against its competitors, into docs/performance.md (ARGS=--quick: for a look)
	@$(PYTHON) -m toolchain install --benches
	@PYTHONPATH=apps/api $(PYTHON) -m benchmarks.api $(ARGS)

.PHONY: bench-rollout
bench-rollout: machine ## Time releases beside a plain ssh + docker compose up -d, into docs/performance.md
	@$(PYTHON) -m benchmarks.rollout $(ARGS)

.PHONY: fmt
fmt: environment ## Format the code and mend what lint can mend
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

.PHONY: hooks
hooks: environment ## Run the checks of .pre-commit-config.yaml at each commit
	.venv/bin/prek install

.PHONY: purge
purge: environment ## List what was added to this machine, caches too (YES=--yes removes it)
	@$(PYTHON) -m toolchain purge $(YES)

COMPILE := .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --custom-compile-command 'make lock'
.PHONY: lock
lock: ## Pin every Python requirement again (requirements/, apps/, stand-ins, competitors)
	$(COMPILE) --universal --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	$(COMPILE) --universal --python-version 3.11 requirements/site.in -o requirements/site.txt
	$(COMPILE) --python-platform linux --python-version 3.13 apps/api/requirements.in -o apps/api/requirements.txt
	$(COMPILE) --python-platform linux --python-version 3.13 apps/django_admin/requirements.in -o apps/django_admin/requirements.txt
	$(COMPILE) --python-platform linux --python-version 3.13 toolchain/images/flower/requirements.in -o toolchain/images/flower/requirements.txt
	$(COMPILE) --python-platform linux --python-version 3.13 benchmarks/competitors/requirements.in -o benchmarks/competitors/requirements.txt
	$(COMPILE) --python-platform linux --python-version 3.13 rollout/tests/images/app/requirements.in -o rollout/tests/images/app/requirements.txt
	$(COMPILE) --python-platform linux --python-version 3.13 toolchain/images/pgadmin/requirements.in -o toolchain/images/pgadmin/requirements.txt
