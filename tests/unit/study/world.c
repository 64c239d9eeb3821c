/* world.c -- see world.h. */
#include "tests/unit/study/world.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void world_init(struct world *w)
{
	*w = (struct world){0};
	snprintf(w->dir, sizeof(w->dir), "/tmp/gatedrill-world-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->env.gatedrill_home = w->dir;
	w->env.gatedrill_share = w->dir;
	struct arena a = {0};
	assert_true(file_mkdirs(path_join(&a, w->dir, "decks"), NULL));
	arena_clear(&a);
	assert_true(moment_parse("2026-11-20T10:00:00+01:00", 0, &w->now));
}

static char *deck_path(struct world *w, struct arena *a, const char *name)
{
	return arena_printf(a, "%s/decks/%s.yaml", w->dir, name);
}

void world_deck(struct world *w, const char *name, const char *text)
{
	struct arena a = {0};
	assert_true(file_write(deck_path(w, &a, name), text, strlen(text), NULL));
	arena_clear(&a);
}

void world_remove_deck(struct world *w, const char *name)
{
	struct arena a = {0};
	assert_int_equal(unlink(deck_path(w, &a, name)), 0);
	arena_clear(&a);
}

void world_config(struct world *w, const char *text)
{
	struct arena a = {0};
	assert_true(file_write(path_join(&a, w->dir, "config.yaml"), text, strlen(text), NULL));
	arena_clear(&a);
}

void world_open(struct world *w)
{
	struct diags d = {0};
	world_close(w);
	paths_find(&w->paths, &w->env, NULL, NULL);
	w->paths.bundled_decks = "/nonexistent";
	struct study_options o = {.paths = &w->paths,
				  .clock = {.frozen = true, .at = w->now},
				  .has_seed = true,
				  .seed = 7};
	if (!study_open(&w->study, &o, &d)) {
		diags_print(&d, stderr);
		fail_msg("the study does not open");
	}
	diags_clear(&d);
}

void world_close(struct world *w)
{
	study_close(&w->study);
	paths_clear(&w->paths);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void world_clear(struct world *w)
{
	world_close(w);
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void world_wait(struct world *w, int64_t ms)
{
	w->now.ms += ms;
	w->study.clock.at = w->now;
}
