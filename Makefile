# Everything that one does with this project. `make` alone lists the tasks.

# A crash report of a program with many threads can hang for minutes.
export SWIFT_BACKTRACE := enable=no
swift_files := Package.swift Sources Tests
debug_flags := --build-tests --explicit-target-dependency-import-check error

.PHONY: help setup build release demo test equality-test deploy-check sanitize format format-check lint check bench clean
.DEFAULT_GOAL := help

help: ## Lists the tasks.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-13s %s\n' "$$name" "$$text"; done

setup: ## Installs the system packages that are missing.
	@scripts/setup

build: setup ## Builds everything for debugging, tests included.
	@swift build $(debug_flags)

release: setup ## Builds the program: .build/release/exhaust.
	@swift build -c release --product exhaust

demo: release ## Makes a sample course and its reports, shows how to open them, and serves the web page.
	@.build/release/exhaust demo

test: setup ## Runs all tests, with the servers that they need.
	@scripts/python-tools
	@PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/services run scripts/test

deploy-check: build ## Checks image, compose file, systemd units and chart (deploy/).
	@scripts/python-tools
	@PATH="$(CURDIR)/.venv/bin:$$PATH" deploy/check

equality-test: build ## Compares every report of the Open University data from Cassandra; takes half an hour.
	@scripts/python-tools
	@PATH="$(CURDIR)/.venv/bin:$$PATH" EXHAUST_TEST_THOROUGH=1 \
		scripts/services run scripts/test --skip-build --filter EqualityTests

sanitize: setup ## Runs the tests with the address and the thread sanitizer; takes a while.
	@scripts/python-tools
	@for kind in address thread; do \
		PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/services run \
			scripts/test --sanitize=$$kind --scratch-path .build/$$kind \
			--skip LargeArchiveTests --skip IntegrationTests || exit 1; done

format: ## Formats all source.
	@swift format format --in-place --parallel --recursive $(swift_files)

format-check: ## Says where the source is not formatted.
	@swift format lint --strict --parallel --recursive $(swift_files)

lint: ## Checks the house rules that no compiler checks.
	@scripts/lint

check: format-check lint build test deploy-check ## Everything that has to pass before a change is handed in.

bench: release ## Measures the speed of this machine.
	@.build/release/exhaust bench

clean: ## Removes what was built.
	@rm -rf .build .venv
