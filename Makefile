# gatedrill: one Makefile, no recursion but into other variants of the same tree. `make help` lists what it can do.
# Rooms (src/*) are built as archives; a test links its own room and the rooms to its left, so a leak between rooms is a link error.
# Nothing here needs more than make and a shell to be read: what is missing is found when something is built, and named.

NAME := gatedrill
VERSION := 0.1.0
PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
datadir ?= $(PREFIX)/share
mandir ?= $(datadir)/man
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d
INSTALL ?= install
CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

BUILD ?= build
VARIANT ?= release
B := $(BUILD)/$(VARIANT)

# Left to right: a room may use only rooms to its left, and of those the ones that tests/layers.sh allows.
ROOMS := base gateway deck srs quiz store exchange study tui cli
# What it takes to build: a tool on the path or a module of pkg-config = its Debian package.
NEEDS := tool:$(firstword $(CC))=gcc tool:$(firstword $(PKG_CONFIG))=pkg-config \
	lib:sqlite3=libsqlite3-dev lib:yaml-0.1=libyaml-dev lib:libpcre2-8=libpcre2-dev \
	lib:ncursesw=libncurses-dev lib:libuv=libuv1-dev lib:md4c=libmd4c-dev \
	lib:libzip=libzip-dev lib:libzstd=libzstd-dev \
	lib:libcurl=libcurl4-openssl-dev lib:openssl=libssl-dev lib:zlib=zlib1g-dev
lib_names = $(foreach n,$(filter lib:%,$(1)),$(firstword $(subst =, ,$(n:lib:%=%))))
PKGS := $(call lib_names,$(NEEDS))
SETUP := PKG_CONFIG='$(PKG_CONFIG)' sh tests/setup.sh

CFLAGS ?= -O2 -g
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_cover := --coverage
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wswitch-enum -Wvla -Wformat=2 -Wno-format-nonliteral -Wno-missing-field-initializers
-include config.mak
ifeq ($(DEV),1)
WARN += -Werror
endif

PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell command -v $(firstword $(CC)) >/dev/null && $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
MISSING := $(if $(PKG_LIBS),,1)
PKG_LIBS += -lm
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Isrc -I. $(WARN) $(PKG_CFLAGS) $(CFLAGS) $(SAN_$(VARIANT))
ALL_LDFLAGS = $(LDFLAGS) $(SAN_$(VARIANT))
# What the build says to the program; only the files that ask are compiled again when it changes.
BUILD_CFLAGS := -DGATEDRILL_VERSION='"$(VERSION)"' -DGATEDRILL_SHARE_DIR='"$(datadir)/$(NAME)"'
SAYS_BUILD := $(shell grep -lE 'GATEDRILL_(VERSION|SHARE_DIR)' src/*.c src/*/*.c 2>/dev/null)

SRC := $(sort $(wildcard src/*.c src/*/*.c))
OBJ := $(SRC:%.c=$(B)/%.o)
room_objs = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/$(1)/*.c)))
# The archives of a room and of those to its left, in link order (right to left).
room_left = $(shell r=''; for x in $(ROOMS); do r="$(B)/lib$$x.a $$r"; [ $$x = $(1) ] && break; done; echo $$r)
ARCHIVES := $(foreach r,$(ROOMS),$(if $(wildcard src/$(r)/*.c),$(B)/lib$(r).a))
ALL_ROOMS = -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(PKG_LIBS) $(LDLIBS)

all: $(B)/$(NAME) ## build the program: build/release/gatedrill

$(B)/$(NAME): $(B)/src/main.o $(ARCHIVES) $(B)/ldflags
	$(Q)echo "  LD   $@"; $(CC) $(ALL_LDFLAGS) -o $@ $(B)/src/main.o $(ALL_ROOMS)

define room_rule
$(B)/lib$(1).a: $(call room_objs,$(1))
	$$(Q)echo "  AR   $$@"; rm -f $$@; $(AR) rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rule,$(r))))

$(B)/%.o: %.c $(B)/cflags
	$(Q)mkdir -p $(@D); echo "  CC   $<"; $(CC) $(ALL_CFLAGS) $(if $(filter $<,$(SAYS_BUILD)),$(BUILD_CFLAGS)) -MMD -MP -c -o $@ $<
$(SAYS_BUILD:%.c=$(B)/%.o): $(B)/buildflags

# Files that hold the flags, so that what they change is built again. Everything waits for them: here is told, once, what is missing.
$(B)/ldflags $(B)/buildflags: | $(B)/cflags
FLAGS_cflags = $(CC) $(ALL_CFLAGS)
FLAGS_ldflags = $(CC) $(ALL_LDFLAGS) $(PKG_LIBS) $(LDLIBS)
FLAGS_buildflags = $(BUILD_CFLAGS)
$(B)/cflags $(B)/ldflags $(B)/buildflags: FORCE
	$(Q)$(if $(MISSING),$(SETUP) need $(NEEDS) || exit 1;) mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(FLAGS_$(@F)))' >$@.tmp; \
	cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

CPUS = $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
# For targets that build a lot: on all processors, unless -j was given.
FAST = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(CPUS))

study: ## install what is missing, build, and show the first card that is due
	$(Q)$(SETUP) install $(NEEDS)
	$(Q)$(MAKE) --no-print-directory $(FAST) all
	$(Q)export GATEDRILL_SHARE='$(CURDIR)'; $(B)/$(NAME) review; \
	case $$? in 0 | 130) ;; 3) $(B)/$(NAME) ;; *) exit 1 ;; esac

install: $(B)/$(NAME) $(B)/completion/bash $(B)/completion/zsh $(B)/completion/fish ## install below PREFIX (DESTDIR is put before it)
	$(Q)$(INSTALL) -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(bashdir)' '$(DESTDIR)$(zshdir)' '$(DESTDIR)$(fishdir)'
	$(Q)$(INSTALL) -m 755 $(B)/$(NAME) '$(DESTDIR)$(bindir)/$(NAME)'
	$(Q)$(INSTALL) -m 644 $(B)/completion/bash '$(DESTDIR)$(bashdir)/$(NAME)'
	$(Q)$(INSTALL) -m 644 $(B)/completion/zsh '$(DESTDIR)$(zshdir)/_$(NAME)'
	$(Q)$(INSTALL) -m 644 $(B)/completion/fish '$(DESTDIR)$(fishdir)/$(NAME).fish'
	$(Q)for page in $(wildcard man/*.[157]); do \
		dir='$(DESTDIR)$(mandir)'/man$${page##*.}; $(INSTALL) -d "$$dir" && $(INSTALL) -m 644 $$page "$$dir/" || exit 1; \
	done
	$(Q)rm -rf '$(DESTDIR)$(datadir)/$(NAME)'
	$(Q)find decks data -type d -exec $(INSTALL) -d '$(DESTDIR)$(datadir)/$(NAME)/{}' \;
	$(Q)find decks data -type f ! -name '.*' -exec $(INSTALL) -m 644 '{}' '$(DESTDIR)$(datadir)/$(NAME)/{}' \;
	$(Q)echo "$(NAME): installed $(DESTDIR)$(bindir)/$(NAME)"

$(B)/completion/%: $(B)/$(NAME)
	$(Q)mkdir -p $(@D); GATEDRILL_HOME=$(B)/completion/none $(B)/$(NAME) help --completion $* >$@.tmp && mv $@.tmp $@

uninstall: ## take out again what install put there
	rm -f '$(DESTDIR)$(bindir)/$(NAME)' '$(DESTDIR)$(bashdir)/$(NAME)' '$(DESTDIR)$(zshdir)/_$(NAME)' '$(DESTDIR)$(fishdir)/$(NAME).fish'
	rm -f $(foreach page,$(wildcard man/*.[157]),'$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))')
	rm -rf '$(DESTDIR)$(datadir)/$(NAME)'

DIST := $(NAME)-$(VERSION)
dist: ## pack the last commit: build/gatedrill-VERSION.tar.gz, the same bytes each time
	$(Q)mkdir -p $(BUILD)
	$(Q)git -c tar.umask=0022 archive --format=tar --prefix=$(DIST)/ HEAD >$(BUILD)/$(DIST).tar
	$(Q)gzip -9nf $(BUILD)/$(DIST).tar
	$(Q)echo "$(NAME): packed $(BUILD)/$(DIST).tar.gz"

# Quotes within a command are escaped twice: for the shell that writes the line, and for JSON.
json_command = $(subst ",\",$(subst \,\\,$(1)))
compile_commands.json: FORCE ## for editors and clang tools
	$(Q){ sep='['; for f in $(SRC); do \
		printf '%s\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$$sep" '$(CURDIR)' "$$f" \
			'$(subst ','\'',$(call json_command,$(CC) $(ALL_CFLAGS) $(BUILD_CFLAGS)))' "$$f"; sep=,; \
	done; printf '\n]\n'; } >$@

clean: ## remove what was built
	rm -rf $(BUILD) compile_commands.json

help: ## this list
	$(Q)awk -F ':.*## ' '/^[a-z][a-z_. -]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' Makefile tests/tests.mk
	$(Q)echo "Settings, here or in config.mak: PREFIX DESTDIR BUILD CC CFLAGS LDFLAGS DEV=1 (warnings are errors) V=1 (show commands)"

.PHONY: all study install uninstall dist clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(OBJ:.o=.d)
include tests/tests.mk
