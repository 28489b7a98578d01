# canvass: see README.md.  `make help` lists the targets.
#
# FLAVOUR=release|debug|asan|cov chooses flags and the folder build/$(FLAVOUR).

FLAVOUR ?= release
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
PYTHON  ?= /usr/bin/python3
B       := build/$(FLAVOUR)
DEMO    := build/demo
NOW     := 2026-12-01T00:00:00Z

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ifdef CI
WARN += -Werror
endif
HARDEN := -fstack-protector-strong -fPIE -Wl,-z,relro,-z,now -pie
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 $(HARDEN)
FLAGS_debug   := -O0 -g3
FLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_cov     := -O0 -g --coverage
ALL_CFLAGS    := -std=c17 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Iinclude -I$(B)/gen $(WARN) $(FLAGS_$(FLAVOUR)) $(CFLAGS)
LIBS          := -lcsv -lxlsxwriter -lpcre2-8 -lsqlite3 -lutf8proc -ledit -lm -lpthread

CORE  := base form data expr check report
ROOMS := $(CORE) io store cli
SRC   := $(foreach room,$(ROOMS),$(sort $(wildcard src/$(room)/*.c)))
OBJ   := $(SRC:src/%.c=$(B)/%.o)
LIB   := $(filter-out $(B)/cli/main.o,$(OBJ))
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/*_test.c)))

.PHONY: all
all: $(B)/canvass ## build the program (FLAVOUR=release)

$(B)/canvass: $(OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(OBJ) $(LIBS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/%_test: tests/%_test.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests -Isrc -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lcmocka

# The schema travels inside the program.
$(B)/store/store.o: $(B)/gen/schema.h
$(B)/gen/schema.h: src/store/schema.sql
	@mkdir -p $(@D)
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@

.PHONY: test
test: $(B)/canvass $(TESTS) ## build and run the unit tests of this flavour
	@for t in $(TESTS); do echo "-- $$t"; $$t || exit 1; done

.PHONY: clean
clean: ## remove what was built
	rm -rf build

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

-include $(OBJ:.o=.d) $(TESTS:=.d)
