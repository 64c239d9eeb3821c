# Tests, included by the Makefile. What they run is built with sanitizers, into $(BUILD)/asan.
# `make unit ROOM=base` runs one room's tests; `make $(BUILD)/asan/tests/unit/base/t_str` builds one.
# The rules stand in the second half and belong to a variant; from the usual one the targets call make again for theirs.

NEEDS_TEST := tool:curl=curl lib:cmocka=libcmocka-dev lib:vterm=libvterm-dev tool:prove=perl tool:python3=python3 \
	py:yaml=python3-yaml py:jsonschema=python3-jsonschema tool:mandoc=mandoc tool:aspell=aspell dict:en_US=aspell-en
# The suite of JSON Schema; Java and what is compared with it.
NEEDS_ORACLE := file:/usr/share/json-schema-test-suite=json-schema-test-suite tool:javac=default-jdk-headless \
	file:/usr/share/java/json-path.jar=libjsonpath-java file:/usr/share/java/slf4j-nop.jar=libslf4j-java \
	file:/usr/share/java/velocity.jar=velocity
NEEDS_FUZZ := tool:clang=clang fuzzer:clang=libclang-rt-dev
NEEDS_COVER := tool:lcov=lcov
NEEDS_LINT := tool:clang-format=clang-format tool:clang-tidy=clang-tidy tool:cppcheck=cppcheck tool:shellcheck=shellcheck \
	tool:mandoc=mandoc tool:ctags=universal-ctags

FUZZ_SECONDS ?= 20
SUBMAKE = $(MAKE) --no-print-directory
IN_asan = VARIANT=asan CFLAGS='-O1 -g'
IN_cover = VARIANT=cover CFLAGS='-O0 -g'
IN_fuzz = VARIANT=fuzz CC=clang CFLAGS='-O1 -g'

UNIT_SRC := $(sort $(wildcard tests/unit/*/t_*.c))
SCREEN_SRC := $(sort $(wildcard tests/screen/t_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/bench_*.c))
BENCH_SCRIPTS := $(sort $(wildcard tests/bench/bench_*.py))
SCRIPTS := $(sort $(wildcard tests/cmd/*.t tests/lint/*.t tests/anki/*.t tests/conformance/*.t tests/oracle/*.t tests/clients/*.t))
ROOM ?= *
UNIT_BIN := $(filter $(B)/tests/unit/$(if $(filter *,$(ROOM)),%,$(ROOM)/%),$(UNIT_SRC:%.c=$(B)/%))
SCREEN_BIN := $(SCREEN_SRC:%.c=$(B)/%)
FUZZ_BIN := $(FUZZ_SRC:%.c=$(B)/%)
BENCH_BIN := $(BENCH_SRC:%.c=$(B)/%)

ifeq ($(filter asan cover fuzz,$(VARIANT)),)

check: ## install what is missing, build, and run all the fast tests
	$(Q)$(SETUP) install $(NEEDS) $(NEEDS_TEST)
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) run-check

check-all: setup check ## and warnings as errors, the program as it is installed, lint, fuzzing and benches in short
	+$(Q)$(SUBMAKE) BUILD=$(BUILD)/strict DEV=1 $(FAST) all
	+$(Q)$(SUBMAKE) BUILD=$(BUILD)/clang DEV=1 CC=clang $(FAST) all
	+$(Q)$(SUBMAKE) $(FAST) run-release
	+$(Q)$(SUBMAKE) lint
	+$(Q)$(SUBMAKE) FUZZ_SECONDS=5 fuzz
	+$(Q)$(SUBMAKE) SMALL=1 bench

unit screen cmd replay: ## one kind of test alone; make unit ROOM=base for one room's
	$(Q)$(SETUP) need $(NEEDS) $(filter lib:% tool:prove=%,$(NEEDS_TEST))
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) run-$@

anki: ## have Anki's own library read what is exported, and write what is read: ANKI_PYTHON names a Python that has it
	$(Q)$(SETUP) need $(NEEDS) $(filter tool:prove=%,$(NEEDS_TEST))
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) run-anki

clients: ## have WebSocket clients of others talk to the gateway: CLIENT_PYTHON, CLIENT_MODULES say where they are
	$(Q)$(SETUP) need $(NEEDS) $(filter tool:prove=%,$(NEEDS_TEST))
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) run-clients

oracle: ## ask Java's own Velocity, JsonPath and regular expressions, and the suite of JSON Schema (ORACLE_COUNT cases a seed)
	$(Q)$(SETUP) install $(NEEDS) $(filter tool:prove=% tool:python3=%,$(NEEDS_TEST)) $(NEEDS_ORACLE)
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) run-oracle

asan: ## build the program with sanitizers: build/asan/gatedrill
	+$(Q)$(SUBMAKE) $(IN_asan) $(FAST) all

cover: ## what the tests reach: build/cover/report.txt
	$(Q)$(SETUP) need $(NEEDS) $(NEEDS_TEST) $(NEEDS_COVER)
	+$(Q)$(SUBMAKE) $(IN_cover) $(FAST) run-cover

fuzz: ## run each fuzz target for FUZZ_SECONDS
	$(Q)$(SETUP) need $(NEEDS) $(NEEDS_FUZZ)
	+$(Q)$(SUBMAKE) $(IN_fuzz) $(FAST) run-fuzz

setup: ## install all that any of these targets takes
	$(Q)$(SETUP) install $(NEEDS) $(NEEDS_TEST) $(NEEDS_ORACLE) $(NEEDS_FUZZ) $(NEEDS_COVER) $(NEEDS_LINT)

$(BUILD)/asan/%: FORCE
	+$(Q)$(SUBMAKE) $(IN_asan) $@

endif

# ---- the tests of a variant -------------------------------------------------------------------------------

TEST_LIBS = $(shell $(PKG_CONFIG) --libs cmocka vterm 2>/dev/null)
RUN = BUILD='$(BUILD)' VARIANT='$(VARIANT)' GATEDRILL='$(if $(filter /%,$(B)),,$(CURDIR)/)$(B)/$(NAME)' JOBS='$(CPUS)' sh tests/run.sh

# A unit test, with what lies beside it that is no test itself, its room and the rooms to the left.
define unit_rule
$(B)/tests/unit/$(1)/t_%: $(B)/tests/unit/$(1)/t_%.o $(patsubst %.c,$(B)/%.o,$(filter-out $(wildcard tests/unit/$(1)/t_*.c),$(wildcard tests/unit/$(1)/*.c))) $(call room_left,$(1))
	$$(Q)echo "  LD   $$@"; $(CC) $(ALL_LDFLAGS) -o $$@ $$^ -Wl,--as-needed $(PKG_LIBS) $(TEST_LIBS) $(LDLIBS)
endef
$(foreach r,$(ROOMS),$(eval $(call unit_rule,$(r))))

# A screen test knows the program by what it draws: it links no room.
$(B)/tests/screen/t_%: $(B)/tests/screen/t_%.o $(patsubst %.c,$(B)/%.o,$(filter-out $(SCREEN_SRC),$(wildcard tests/screen/*.c)))
	$(Q)echo "  LD   $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) -lutil

# A fuzz target replays its corpus, but for the variant in which libFuzzer drives it.
FUZZ_MAIN := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer,$(B)/tests/fuzz/replay.o)
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(filter-out -%,$(FUZZ_MAIN)) $(ARCHIVES)
	$(Q)echo "  LD   $@"; $(CC) $(ALL_LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(ALL_ROOMS)

$(B)/tests/bench/bench_%: $(B)/tests/bench/bench_%.o $(ARCHIVES)
	$(Q)echo "  LD   $@"; $(CC) $(ALL_LDFLAGS) -o $@ $< $(ALL_ROOMS)

run-check: $(B)/$(NAME) $(UNIT_BIN) $(SCREEN_BIN) $(FUZZ_BIN)
	$(Q)$(RUN) $(SCREEN_BIN) $(UNIT_BIN) $(SCRIPTS) $(FUZZ_BIN)
run-release: $(B)/$(NAME) $(SCREEN_BIN)
	$(Q)$(RUN) $(SCREEN_BIN) $(SCRIPTS)
run-unit: $(UNIT_BIN)
	$(Q)$(RUN) $^
run-screen: $(B)/$(NAME) $(SCREEN_BIN)
	$(Q)$(RUN) $(SCREEN_BIN)
run-cmd: $(B)/$(NAME)
	$(Q)$(RUN) $(SCRIPTS)
run-anki: $(B)/$(NAME)
	$(Q)$(RUN) $(wildcard tests/anki/*.t)
run-clients: $(B)/$(NAME)
	$(Q)$(RUN) $(wildcard tests/clients/*.t)
run-oracle: $(B)/$(NAME)
	$(Q)$(RUN) tests/conformance/schema.t $(wildcard tests/oracle/*.t)
run-replay: $(FUZZ_BIN)
	$(Q)$(RUN) $^

run-cover: run-check
	$(Q)lcov -q --capture --directory $(B)/src --base-directory $(CURDIR) --no-external --output-file $(B)/cover.info >$(B)/lcov.log 2>&1 || { cat $(B)/lcov.log; exit 1; }
	$(Q)lcov --list $(B)/cover.info >$(B)/report.txt 2>/dev/null
	$(Q)lcov --summary $(B)/cover.info 2>/dev/null | grep '%'; echo "$(NAME): by file in $(B)/report.txt"

# New inputs stay in the build folder; one worth keeping is copied to tests/fuzz/corpus by hand.
run-fuzz: $(FUZZ_BIN)
	$(Q)for target in $(FUZZ_BIN); do \
		name=$${target##*/fuzz_}; found=$(B)/corpus/$$name; mkdir -p $$found $(B)/crashes tests/fuzz/corpus/$$name; \
		echo "fuzz: $$name, $(FUZZ_SECONDS) s"; \
		$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
			-artifact_prefix=$(B)/crashes/$$name- $$found tests/fuzz/corpus/$$name >$(B)/$$name.log 2>&1 \
			|| { tail -n 40 $(B)/$$name.log; echo "$(NAME): fuzz: $$name failed; the input is in $(B)/crashes"; exit 1; }; \
		grep number_of_executed_units $(B)/$$name.log || true; \
	done; echo "$(NAME): fuzz: $(words $(FUZZ_BIN)) targets held for $(FUZZ_SECONDS) s each"

# What each bench is told, and what it is told by SMALL=1, which only shows that it runs.
FULL_bench_start := $(B)/$(NAME)
FULL_bench_inspector := $(B)/$(NAME)
SMALL_bench_start := $(B)/$(NAME) 500 5000
FULL_bench_gateway.py := $(B)/$(NAME)
SMALL_bench_gateway.py := $(B)/$(NAME) 1 100 1000
SMALL_bench_deck := 2000
SMALL_bench_exam := 500
SMALL_bench_store := 8000 10000
SMALL_bench_exchange := 3000
SMALL_bench_inspector := $(B)/$(NAME) 1 200
SMALL_bench_lab := 3 100
SMALL_bench_vtl := 1000
SMALL_bench_yaml := decks/rest-and-websocket.yaml
bench: $(B)/$(NAME) $(BENCH_BIN) ## measure speed (SMALL=1: only that the benches run)
	$(Q)$(foreach b,$(BENCH_BIN) $(BENCH_SCRIPTS),echo "== $(notdir $(b))"; $(b) $($(if $(SMALL),SMALL,FULL)_$(notdir $(b))) || exit 1;) \
	echo "$(NAME): $(words $(BENCH_BIN) $(BENCH_SCRIPTS)) benches ran"

lint: ## layers, format, size, banned calls, clang-tidy, cppcheck, shellcheck, mandoc
	$(Q)CFLAGS='$(subst ','\'',$(ALL_CFLAGS) $(BUILD_CFLAGS))' JOBS='$(CPUS)' sh tests/lint.sh

format: ## lay the C out as .clang-format says
	clang-format -i $(SRC) $(wildcard src/*/*.h tests/*/*.[ch] tests/unit/*/*.[ch])

.PHONY: check check-all unit screen cmd replay anki run-anki clients run-clients oracle run-oracle asan cover fuzz setup bench lint format \
	run-check run-release run-unit run-screen run-cmd run-replay run-cover run-fuzz
ifneq ($(filter asan cover fuzz,$(VARIANT))$(filter run-% bench,$(MAKECMDGOALS)),)
-include $(patsubst %.c,$(B)/%.d,$(wildcard tests/*/*.c tests/unit/*/*.c))
endif
