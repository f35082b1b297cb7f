# Everything a person needs is two commands: `make demo` and `make test`.
CITY ?= hanoi
PORT ?= 8000
COMPLAINTS ?= 500

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench drill places weigh paint axe lighthouse personas officer photos offline migrations duplicates mergings edits roles bare hosts house oracle storm soak fuzz-photos inside zones scale promotion survive lock messages clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Set up and run a city: make demo CITY=hanoi PORT=8000 COMPLAINTS=500
	@deploy/bin/setup run
	@exec .venv/bin/cps demo --city $(CITY) --port $(PORT) --complaints $(COMPLAINTS)

test: ## Set up and run the whole gate
	@deploy/bin/setup test
	@deploy/bin/check

setup: ## Set up for development
	@deploy/bin/setup test

check: ## Run the whole gate on what is set up
	@deploy/bin/check

bench: ## Measure speed and memory against floors of the same run
	@deploy/bin/setup test
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench.map
	@.venv/bin/python -m tests.bench.desk
	@.venv/bin/python -m tests.bench.watching

scale: ## Measure the hot pages as a city grows: make scale COMPLAINTS=10000000 (35 GB in SCALE_FOLDER)
	@deploy/bin/setup test
	@.venv/bin/python -m tests.bench.scale 1000000 $(if $(filter command line,$(origin COMPLAINTS)),$(COMPLAINTS),10000000)

promotion: ## Kill the primary while citizens file, and promote its standby: make promotion ROUNDS=10
	@deploy/bin/setup test
	@ROUNDS=$(or $(ROUNDS),10) .venv/bin/python -m tests.scaling.promotion

drill: ## Measure a restore drill of a large city: make drill COMPLAINTS=1000000
	@deploy/bin/setup test
	@COMPLAINTS=$(if $(filter command line,$(origin COMPLAINTS)),$(COMPLAINTS),1000000) .venv/bin/python -m tests.bench.drill

places: ## Measure place search: recall without accents, and speed at PLACES=100000
	@deploy/bin/setup test
	@.venv/bin/python -m tests.bench.places

weigh: ## Weigh the pages as a browser is sent them, in every city and language
	@deploy/bin/setup test
	@.venv/bin/python -m tests.journeys.weights

paint: ## Measure when the report form is seen on slow lines, in every language: make paint TIMES=9
	@deploy/bin/setup test
	@TIMES=$(or $(TIMES),9) .venv/bin/python -m tests.journeys.paint

axe: ## Look for barriers on every page: each language, light and dark, four widths
	@deploy/bin/setup test
	@.venv/bin/python -m tests.journeys.accessibility

personas: ## Count what a report costs twelve people: taps, keys, seconds
	@deploy/bin/setup test
	@.venv/bin/python -m tests.journeys.personas

officer: ## Clear 200 mixed reports by keyboard alone: keys, waiting and server time per report
	@deploy/bin/setup test
	@.venv/bin/python -m tests.journeys.officer

lighthouse: ## Let Lighthouse (from npm) judge the main pages in every language: make lighthouse TIMES=1
	@deploy/bin/setup test
	@TIMES=$(or $(TIMES),1) .venv/bin/python -m tests.journeys.scores

photos: ## Weigh photos as they leave a phone
	@deploy/bin/setup test
	@.venv/bin/python -m tests.journeys.weighing

oracle: ## Compare deadlines with a slow second opinion: make oracle CASES=1000000
	@deploy/bin/setup test
	@ORACLE_CASES=$(or $(CASES),1000000) .venv/bin/python -m tests.sla.oracle

storm: ## Live through a real day and a record day, junk beside it: make storm RATE=308 MINUTES=15 PHOTOS=30 JUNK=100 SEED=1
	@deploy/bin/setup test
	@RATE=$(RATE) MINUTES=$(MINUTES) PHOTOS=$(PHOTOS) JUNK=$(JUNK) SEED=$(SEED) .venv/bin/python -m tests.storm

soak: ## Live on at five requests a second and look at what grows: make soak HOURS=24
	@deploy/bin/setup test
	@HOURS=$(HOURS) SEED=$(SEED) .venv/bin/python -m tests.storm.soak

fuzz-photos: ## Develop photos that were tampered with: make fuzz-photos CASES=1000000 HANDS=2 CORPUS=folder
	@deploy/bin/setup test
	@CASES=$(CASES) HANDS=$(HANDS) SEED=$(SEED) CORPUS=$(CORPUS) .venv/bin/python -m tests.fuzz

inside: ## Let everything fail at every step of what people and the worker do: make inside EXAMPLES=100
	@deploy/bin/setup test
	@CPS_INSIDE=all CPS_EXAMPLES=$(or $(EXAMPLES),100) .venv/bin/python -m pytest -q -n 0 -s tests/reliability/test_dying.py tests/reliability/test_failing.py tests/reliability/test_full_disk.py tests/reliability/test_simulation.py tests/reliability/test_zones.py

zones: ## Run the tests of time, letters and figures whole in five zones of the machine and the database
	@deploy/bin/setup test
	@for zone in Asia/Kathmandu Asia/Manila Asia/Ho_Chi_Minh Asia/Seoul Europe/Berlin; do \
		echo "── $$zone"; TZ=$$zone PGTZ=$$zone .venv/bin/python -m pytest -q -n 2 tests/sla tests/complaints tests/notify tests/evaluate || exit 1; \
	done

survive: ## Kill, fill, cut and break a city while citizens report (as root): make survive KILLS=1000 COMPLAINTS=100000 SEED=1
	@deploy/bin/setup test
	@KILLS=$(KILLS) COMPLAINTS=$(if $(filter command line,$(origin COMPLAINTS)),$(COMPLAINTS),100000) SEED=$(SEED) MINUTES=$(MINUTES) ONLY="$(ONLY)" .venv/bin/python -m tests.reliability

migrations: ## Migrate a city while old and new code take reports: make migrations MIGRATIONS=50 ROWS=500000
	@deploy/bin/setup test
	@CPS_MIGRATIONS=$(or $(MIGRATIONS),50) CPS_ROWS=$(or $(ROWS),500000) .venv/bin/python -m pytest -q -n 0 tests/migrations/test_alive.py

duplicates: ## Measure how well the same problem is found among real records, if they are there
	@deploy/bin/setup test
	@.venv/bin/python -m tests.bench.duplicates

mergings: ## Merge and take out again at random: make mergings SEQUENCES=10000
	@deploy/bin/setup test
	@CPS_SEQUENCES=$(or $(SEQUENCES),10000) .venv/bin/python -m pytest -q -n 0 tests/complaints/test_merging.py -k exactly

roles: ## Let every role try every address, and every act on a report as it stands in every way
	@deploy/bin/setup test
	@CPS_ROLES=all .venv/bin/python -m pytest -q -n 2 tests/desk/test_who_gets_where.py tests/desk/test_who_does_what_to_what.py

edits: ## Let up to ten officials change one report at a time: make edits EDITS=100000
	@deploy/bin/setup test
	@CPS_EDITS=$(or $(EDITS),100000) .venv/bin/python -m pytest -q -n 0 tests/reliability/test_edits.py

offline: ## Live through schedules of bad luck on a phone: make offline SCHEDULES=10000
	@deploy/bin/setup test
	@CPS_SCHEDULES=$(or $(SCHEDULES),10000) .venv/bin/python -m pytest -q -n 0 tests/journeys/test_schedules.py

bare: ## Install cities into a bare Debian root, kill and cut its power (as root; needs debootstrap and tinyproxy)
	@deploy/bin/setup test
	@.venv/bin/python -m tests.install

hosts: ## Run a city on two hosts behind HAProxy and kill them: make hosts KILLS=6 SEED=20150401 (needs haproxy)
	@deploy/bin/setup test
	@CPS_KILLS=$(or $(KILLS),6) CPS_SEED=$(or $(SEED),20150401) .venv/bin/python -m tests.hosts

house: ## Print the numbers of the house style
	@deploy/bin/setup test
	@.venv/bin/python -m tests.house

lock: ## Resolve the dependencies afresh
	@.venv/bin/uv pip compile pyproject.toml --extra setup --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	@.venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements.lock -o requirements-dev.lock

messages: ## Collect the sentences to translate into the catalogues
	@.venv/bin/python -m tests.house.messages

clean: ## Remove what set-up and tests made (never var/)
	@rm -rf .venv dist build static/vendor static/built tests/artefacts
