# gatedrill: one Makefile, no recursion. `make help` lists what it can do.
# Rooms (src/*) are built as archives; a test links its own room and the rooms to its left, so a leak between rooms is a link error.

NAME := gatedrill
VERSION := 0.1.0
PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
datadir ?= $(PREFIX)/share
mandir ?= $(datadir)/man
INSTALL ?= install
CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

BUILD ?= build
VARIANT ?= release
B := $(BUILD)/$(VARIANT)

# Left to right: a room may use only rooms to its left.
ROOMS := base deck srs quiz store study tui cli
PKGS := sqlite3 yaml-0.1 libpcre2-8 ncursesw libuv md4c
PKG_NAMES := libsqlite3-dev libyaml-dev libpcre2-dev libncurses-dev libuv1-dev libmd4c-dev

CFLAGS ?= -O2 -g
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_cover := --coverage
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wswitch-enum -Wvla -Wformat=2 -Wno-format-nonliteral
-include config.mak
ifeq ($(DEV),1)
WARN += -Werror
endif

PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null) -lm
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Isrc -I. $(WARN) $(PKG_CFLAGS) -DGATEDRILL_VERSION='"$(VERSION)"' \
	-DGATEDRILL_SHARE_DIR='"$(datadir)/$(NAME)"' $(CFLAGS) $(SAN_$(VARIANT))
ALL_LDFLAGS = $(LDFLAGS) $(SAN_$(VARIANT))

SRC := $(sort $(wildcard src/*.c src/*/*.c))
OBJ := $(SRC:%.c=$(B)/%.o)
room_objs = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard src/$(1)/*.c)))
# The archives of a room and of those to its left, in link order (right to left).
room_left = $(shell r=''; for x in $(ROOMS); do r="$(B)/lib$$x.a $$r"; [ $$x = $(1) ] && break; done; echo $$r)
ARCHIVES := $(foreach r,$(ROOMS),$(if $(wildcard src/$(r)/*.c),$(B)/lib$(r).a))

all: $(B)/$(NAME) ## build the program

$(B)/$(NAME): $(B)/src/main.o $(ARCHIVES) $(B)/ldflags
	$(Q)echo "  LD   $@"; $(CC) $(ALL_LDFLAGS) -o $@ $(B)/src/main.o -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(PKG_LIBS) $(LDLIBS)

define room_rule
$(B)/lib$(1).a: $(call room_objs,$(1))
	$$(Q)echo "  AR   $$@"; rm -f $$@; $(AR) rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rule,$(r))))

$(B)/%.o: %.c $(B)/cflags
	$(Q)mkdir -p $(@D); echo "  CC   $<"; $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/cflags $(B)/ldflags: FORCE
	$(Q)mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(CC) $(if $(filter %cflags,$@),$(ALL_CFLAGS),$(ALL_LDFLAGS) $(PKG_LIBS)))' >$@.tmp; \
	cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

clean: ## remove what was built
	rm -rf $(BUILD) compile_commands.json

.PHONY: all clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(OBJ:.o=.d)
include tests/tests.mk
