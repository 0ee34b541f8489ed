.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: lock
lock: ## Pin every Python requirement again (requirements/*.txt, apps/*/requirements.txt)
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --universal --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-platform linux --python-version 3.13 apps/api/requirements.in -o apps/api/requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-platform linux --python-version 3.13 apps/django_admin/requirements.in -o apps/django_admin/requirements.txt
