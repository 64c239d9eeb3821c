# Tests, included by the Makefile. Unit tests are always built with sanitizers, into $(BUILD)/asan.
# `make unit ROOM=base` runs one room's tests; `make $(BUILD)/asan/tests/unit/base/t_str` builds one.

T := $(BUILD)/asan
TEST_PKGS := cmocka
TEST_LIBS = $(shell $(PKG_CONFIG) --libs $(TEST_PKGS) 2>/dev/null)
UNIT_SRC := $(sort $(wildcard tests/unit/*/t_*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(T)/%)

ifneq ($(VARIANT),asan)
$(T)/%: FORCE
	$(Q)$(MAKE) --no-print-directory VARIANT=asan CFLAGS='-O1 -g' $@
else
define unit_rule
$(T)/tests/unit/$(1)/t_%: $(T)/tests/unit/$(1)/t_%.o $(patsubst %.c,$(T)/%.o,$(filter-out $(wildcard tests/unit/$(1)/t_*.c),$(wildcard tests/unit/$(1)/*.c))) $(call room_left,$(1))
	$$(Q)mkdir -p $$(@D); echo "  LD   $$@"; $(CC) $(ALL_LDFLAGS) -o $$@ $$^ $(PKG_LIBS) $(TEST_LIBS) $(LDLIBS)
endef
$(foreach r,$(ROOMS),$(eval $(call unit_rule,$(r))))
-include $(UNIT_SRC:%.c=$(T)/%.d)
endif

ROOM ?= *
unit: $(filter $(T)/tests/unit/$(if $(filter *,$(ROOM)),%,$(ROOM)/%),$(UNIT_BIN)) ## run the unit tests (ROOM=base for one room)
	$(Q)CMOCKA_MESSAGE_OUTPUT=TAP prove --exec '' $^

.PHONY: unit
