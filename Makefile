# canvass: see README.md.  `make help` lists the targets.
#
# FLAVOUR=release|debug|asan|tsan|cov chooses flags and the folder build/$(FLAVOUR).

FLAVOUR ?= release
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
PYTHON  ?= /usr/bin/python3
VERSION := 0.1.0
B       ?= build/$(FLAVOUR)
DEMO    := build/demo
DEMO_PROGRAM ?= $(B)/canvass
NOW     := 2026-12-01T00:00:00Z

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ifdef CI
WARN += -Werror
endif
HARDEN := -fstack-protector-strong
FLAGS_release := -O2 -g $(HARDEN) -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
FLAGS_debug   := -O0 -g3
# A program at a fixed address needs no relocation: without that, the tables of the sanitizer double its start.
FLAGS_asan    := -O1 -g1 -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer -fno-pie
# NULL + 0, the end of a text without bytes, is undefined in C17 and defined in the next C; gcc lets it pass.
FLAGS_asan    += $(if $(findstring clang,$(CC)),-fno-sanitize=pointer-overflow)
FLAGS_tsan    := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
FLAGS_cov     := -O0 -g --coverage
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_asan     := -no-pie
# No object names the folder that it was built in, so that the same source gives the same bytes anywhere.
ALL_CFLAGS    := -std=c17 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc -I$(B)/gen -fPIC -fvisibility=hidden \
	$(WARN) $(FLAGS_$(FLAVOUR)) '-ffile-prefix-map=$(CURDIR)=.' $(CPPFLAGS) $(CFLAGS)
# Stores on a PostgreSQL server, where libpq can be compiled against; it is loaded when one is used.  LIBPQ= leaves them out.
LIBPQ         := $(shell pkg-config --exists libpq 2>/dev/null && echo 1)
$(B)/store/engine_postgres.o: ALL_CFLAGS += $(if $(LIBPQ),-DCANVASS_LIBPQ $(shell pkg-config --cflags libpq))
ALL_LDFLAGS   := $(LINK_$(FLAVOUR)) $(LDFLAGS)
LIBS          := -lcsv -lz -lpcre2-8 -lsqlite3 -lutf8proc -lexpat -lm -lpthread

# The rooms in their order: each uses only those before it.
CORE  := base formula form data read gather expr words check advise report
ROOMS := $(CORE) io store round export lib cli
SRC   := $(foreach room,$(ROOMS),$(sort $(wildcard src/$(room)/*.c)))
OBJ   := $(SRC:src/%.c=$(B)/%.o)
PROGRAM_OBJ := $(filter-out $(B)/lib/%,$(OBJ))
LIB   := $(filter-out $(B)/cli/main.o,$(OBJ))
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/*_test.c)))
FUZZ  := $(patsubst fuzz/%.c,%,$(sort $(wildcard fuzz/*.c)))

PACKAGES := gcc make sed libc6-dev libcsv-dev libxlsxwriter-dev zlib1g-dev libpcre2-dev libsqlite3-dev libutf8proc-dev \
	libexpat1-dev libssl-dev libedit-dev libfreexl-dev libreadstat-dev libpq-dev \
	postgresql libcmocka-dev clang libclang-rt-14-dev valgrind binutils pkgconf python3 python3-openpyxl libreoffice-calc libreoffice-writer-nogui \
	poppler-utils tmux pspp python3-pandas mandoc locales zsh fish python3-jsonschema mmdebstrap clang-format clang-tidy cppcheck

.DELETE_ON_ERROR:

.PHONY: all
all: $(B)/canvass $(filter $(B)/lib/%,$(OBJ)) ## build the program (FLAVOUR=release, debug, asan, tsan or cov)

$(B)/canvass: $(PROGRAM_OBJ)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(PROGRAM_OBJ) $(LIBS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# An archive, so that a test links only the objects that it uses.
$(B)/objects.a: $(LIB)
	@rm -f $@
	ar rcs $@ $(LIB)

$(B)/tests/%_test: tests/%_test.c $(B)/objects.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -MF $@.d $(ALL_LDFLAGS) -o $@ $< $(B)/objects.a $(LIBS) -lcmocka

# One source knows the version.
%/base/version.o: ALL_CFLAGS += -DCANVASS_VERSION='"$(VERSION)"'
$(B)/base/version.o: Makefile

# The schema is part of the program, byte by byte: ISO C promises no string of its length.
$(B)/store/tables.o: $(B)/gen/schema.h
$(B)/store/views.o: $(B)/gen/reading.h $(B)/gen/postgres.h
$(B)/gen/%.h: src/store/%.sql
	@mkdir -p $(@D)
	sed '/^--/d' $< | od -An -v -tx1 | sed 's/ \(..\)/0x\1,/g' > $@

# ---------------------------------------------------------------- libcanvass
# The program's objects without cli and without the child process that writes workbooks for it.  Everything is hidden
# but what include/canvass.h declares; in the archive the objects are one, whose hidden names are local.
SHARED  := $(filter-out $(B)/cli/% $(B)/io/xlsx_child.o $(B)/io/xls_child.o,$(OBJ))
SONAME  := libcanvass.so.$(firstword $(subst ., ,$(VERSION)))
SOFILE  := libcanvass.so.$(basename $(VERSION))
LINK_so := $(filter-out -pie,$(LINK_$(FLAVOUR))) -shared -Wl,-z,defs -Wl,-soname,$(SONAME)

.PHONY: library
library: $(B)/$(SOFILE) $(B)/libcanvass.a $(B)/canvass.pc ## build the library

$(B)/$(SOFILE): $(SHARED)
	$(CC) $(ALL_CFLAGS) $(LINK_so) $(LDFLAGS) -o $@ $(SHARED) $(LIBS)
	ln -sf $(SOFILE) $(B)/$(SONAME)
	ln -sf $(SOFILE) $(B)/libcanvass.so

$(B)/libcanvass.a: $(SHARED)
	$(LD) -r -o $(B)/libcanvass.o $(SHARED)
	objcopy --localize-hidden $(B)/libcanvass.o
	rm -f $@
	$(AR) rcs $@ $(B)/libcanvass.o
	rm $(B)/libcanvass.o

.PHONY: $(B)/canvass.pc
$(B)/canvass.pc: # PREFIX may be another than the last time
	@mkdir -p $(@D)
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/$(LIBDIR)' 'includedir=$${prefix}/include' '' 'Name: canvass' \
		'Description: XLSForm surveys: check forms, judge answers, store and compare them' 'Version: $(VERSION)' \
		'Requires.private: zlib libpcre2-8 sqlite3 libutf8proc expat' 'Cflags: -I$${includedir}' \
		'Libs: -L$${libdir} -lcanvass' 'Libs.private: -lcsv -lm -lpthread' > $@

.PHONY: deps
deps: ## install what is missing (Debian; as root or through sudo)
	@.ci/deps $(PACKAGES)

.PHONY: demo
demo: $(DEMO_PROGRAM) ## run the main job on the shipped data
	@mkdir -p $(DEMO)
	@echo "-- check the form"
	$(DEMO_PROGRAM) check forms/seafarers-id.csv
	@echo "-- import 21 files of published answers"
	$(DEMO_PROGRAM) import forms/seafarers-id.csv responses/published/*.csv --store $(DEMO)/seafarers_id.db --round 2026 --now $(NOW)
	@echo "-- who has replied"
	$(DEMO_PROGRAM) status forms/seafarers-id.csv --store $(DEMO)/seafarers_id.db --now $(NOW)
	@echo "-- write the comparison workbook"
	$(DEMO_PROGRAM) report forms/seafarers-id.csv --store $(DEMO)/seafarers_id.db --now $(NOW) --force -o $(DEMO)/seafarers-id.xlsx
	@echo
	@echo "The comparison workbook is $(DEMO)/seafarers-id.xlsx"

.PHONY: programs
programs: $(B)/canvass $(TESTS) # what the tests of one flavour run

.PHONY: test
CHOOSE ?= smoke
test: programs ## build and run the C tests and the smoke stories; CHOOSE=all: every story; none
	@CANVASS=$(B)/canvass PYTHON=$(PYTHON) CHOOSE="$(CHOOSE)" LEAKS="$(LEAKS)" tests/run $(TESTS)

.PHONY: check
check: ## everything CI runs: both compilers, sanitizers, all stories, memory, races, a foreign locale
	@MAKE="$(MAKE)" PYTHON=$(PYTHON) tests/check

.PHONY: nightly
nightly: SECONDS = 300
nightly: ## what takes too long for check: full sizes, every kill point, fuzzing for SECONDS, the package, ten million rows
	@MAKE="$(MAKE)" PYTHON=$(PYTHON) SECONDS_EACH=$(SECONDS) tests/nightly

.PHONY: layers
layers: $(OBJ) ## prove that the core does no input or output, and that rooms use earlier rooms only
	@tests/layers $(B) "$(ROOMS)" $(CORE)

.PHONY: words
words: $(B)/canvass ## words that readers misread: no file may have more than tests/words.list says; SHRINK=1 lowers it
	@SHRINK=$(SHRINK) $(PYTHON) tests/words_lint $(B)/canvass

.PHONY: circles
circles: $(OBJ) ## remove from tests/circles.list what is no longer a circle of files
	@SHRINK=1 tests/circles $(B) $(ROOMS)

.PHONY: instructions
instructions: $(B)/canvass ## count instructions against parsing alone; LOWER=1 lowers the gates to what is measured
	@CANVASS=$(B)/canvass CC="$(CC)" LOWER=$(LOWER) tests/instructions

.PHONY: races
races: ## find data races in the import of large and small files, with ThreadSanitizer
	@$(MAKE) -s FLAVOUR=tsan CC=clang all
	@tests/races build/tsan/canvass

.PHONY: headers
headers: ## compile each header alone, the public one as C++ too
	@for h in include/canvass.h include/canvass/*.h; do echo "#include \"$${h#include/}\"" | \
		$(CC) -std=c17 -D_POSIX_C_SOURCE=200809L -Iinclude $(WARN) -fsyntax-only -x c - || exit 1; done
	@if command -v g++ >/dev/null; then \
		g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ include/canvass.h; fi

.PHONY: golden
golden: $(TESTS) ## rewrite the golden files; git shows the difference
	@for t in $(TESTS); do GOLDEN=1 $$t >/dev/null 2>&1 || true; done; git status --short tests

.PHONY: fuzz
TARGET  ?= form
SECONDS ?= 60
FUZZER   = clang -std=c17 -D_POSIX_C_SOURCE=200809L -Iinclude -Isrc -O1 -g -fsanitize=fuzzer,address,undefined
fuzz: ## fuzz one target: TARGET=form|workbook|beside|expression|returned|returned_workbook|encoding|ods|own SECONDS=60
	@mkdir -p build/fuzz/$(TARGET)
	$(MAKE) -s FLAVOUR=debug B=build/fuzz/obj CC=clang CFLAGS="-O1 -fsanitize=fuzzer-no-link,address,undefined" fuzz-objects
	$(FUZZER) -o build/fuzz/$(TARGET)-fuzz fuzz/$(TARGET).c $(LIB:$(B)/%=build/fuzz/obj/%) $(LIBS)
	build/fuzz/$(TARGET)-fuzz -max_total_time=$(SECONDS) -timeout=120 -rss_limit_mb=2048 -print_final_stats=1 \
		build/fuzz/$(TARGET) fuzz/corpus/$(TARGET)

.PHONY: fuzz-objects
fuzz-objects: $(LIB)

.PHONY: corpora fuzz-corpus
corpora: $(FUZZ:%=$(B)/fuzz/%)

fuzz-corpus: corpora ## run the fuzz targets over their small corpora; FLAVOUR=asan finds most
	@for t in $(FUZZ); do $(B)/fuzz/$$t fuzz/corpus/$$t/* || exit 1; done; echo "$(words $(FUZZ)) passed, 0 failed"

$(B)/fuzz/%: fuzz/%.c fuzz/corpus.h $(B)/objects.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DCORPUS_MAIN $(ALL_LDFLAGS) -o $@ $< $(B)/objects.a $(LIBS)

.PHONY: analyze
analyze: ## cppcheck, clang-tidy and gcc -fanalyzer over the sources
	@tests/analyze cppcheck tidy fanalyzer

.PHONY: format-check
format-check: ## whether every C file is formatted as .clang-format says
	@find src include tests fuzz bench docs -name '*.[ch]' | sort | xargs clang-format --dry-run -Werror

.PHONY: times
times: ## write tests/times, the order of the first run, from build/times
	@tests/times-check write

.PHONY: bench
bench: $(B)/canvass ## medians of check, import and report against parsing alone, next to the goals; ROWS=10000000 for more
	@CANVASS=$(B)/canvass CC="$(CC)" ROWS=$(ROWS) bench/run

# The manual pages: of canvass, of each command, of forms and of stores.
PAGES := canvass.1 $(patsubst %,canvass-%.1,check show diff distribute import collect simulate status findings report eval \
	verify explain quarantine withdraw history export copy) canvass-form.5 canvass-store.5

.PHONY: man
man: $(PAGES:%=$(B)/share/man/%) ## write the manual pages, and check them with mandoc
	mandoc -T lint -W warning $^

# What is installed: MODE:FILE:PATH, the path under PREFIX, or link:TARGET:PATH for a symbolic link.  install and
# uninstall read this one list; what is added to it comes before their rules.
BASH_FOLDER ?= share/bash-completion/completions
ZSH_FOLDER  ?= share/zsh/site-functions
FISH_FOLDER ?= share/fish/vendor_completions.d
INSTALLED := 755:$(B)/canvass:bin/canvass \
	$(foreach page,$(PAGES),644:$(B)/share/man/$(page):share/man/man$(subst .,,$(suffix $(page)))/$(page)) \
	644:$(B)/share/canvass.bash:$(BASH_FOLDER)/canvass \
	644:$(B)/share/canvass.zsh:$(ZSH_FOLDER)/_canvass \
	644:$(B)/share/canvass.fish:$(FISH_FOLDER)/canvass.fish \
	644:docs/roles.sql:share/canvass/roles.sql \
	$(foreach schema,$(sort $(wildcard docs/schemas/*.json)),644:$(schema):share/canvass/schemas/$(notdir $(schema)))
LIBDIR ?= lib
INSTALLED += 644:include/canvass.h:include/canvass.h \
	644:$(B)/libcanvass.a:$(LIBDIR)/libcanvass.a \
	644:$(B)/$(SOFILE):$(LIBDIR)/$(SOFILE) \
	link:$(SOFILE):$(LIBDIR)/$(SONAME) \
	link:$(SONAME):$(LIBDIR)/libcanvass.so \
	644:$(B)/canvass.pc:$(LIBDIR)/pkgconfig/canvass.pc
# Folders that hold files of canvass only; uninstall removes them when they are empty, the innermost first.
OWN_FOLDERS := share/canvass/schemas share/canvass

$(B)/share/man/%: $(B)/canvass
	@mkdir -p $(@D)
	$(B)/canvass $(filter-out canvass,$(subst canvass-,,$(basename $*))) --man > $@

$(B)/share/canvass.%: $(B)/canvass
	@mkdir -p $(@D)
	$(B)/canvass --completion $* > $@

.PHONY: install
install: $(foreach file,$(filter-out link:%,$(INSTALLED)),$(word 2,$(subst :, ,$(file)))) ## install under PREFIX (DESTDIR honoured)
	@for file in $(INSTALLED); do \
		IFS=:; set -- $$file; unset IFS; \
		to="$(DESTDIR)$(PREFIX)/$$3"; \
		install -d "$${to%/*}" || exit 1; \
		if [ "$$1" = link ]; then ln -sf "$$2" "$$to"; else install -m "$$1" "$$2" "$$to"; fi || exit 1; \
		echo "installed $$to"; \
	done

.PHONY: uninstall
uninstall: ## remove what install put there (same PREFIX and DESTDIR)
	@for file in $(INSTALLED); do rm -f "$(DESTDIR)$(PREFIX)/$${file##*:}" || exit 1; done
	@for folder in $(OWN_FOLDERS); do rmdir "$(DESTDIR)$(PREFIX)/$$folder" 2>/dev/null || true; done

# The package is built in a copy of the tree, as its files are put into the folder above.
.PHONY: deb
deb: ## build Debian packages into build/deb (needs debhelper)
	@rm -rf build/deb
	@mkdir -p build/deb/canvass-$(VERSION)
	@tar -c --exclude=./build --exclude=./.git . | tar -x -C build/deb/canvass-$(VERSION)
	cd build/deb/canvass-$(VERSION) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc -b
	@rm -rf build/deb/canvass-$(VERSION)
	@ls build/deb/*.deb

.PHONY: clean
clean: ## remove what was built
	rm -rf build

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

-include $(OBJ:.o=.d) $(TESTS:=.d)
