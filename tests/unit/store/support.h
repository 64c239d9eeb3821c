/* support.h -- a store in a folder of its own, decks written as text, answers at given days: for
 * the tests of this room. */
#ifndef STORE_TEST_SUPPORT_H
#define STORE_TEST_SUPPORT_H

#include "base/file.h"
#include "base/random.h"
#include "store/db.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY0 20700 /* a study day */
#define NOON(day) ((struct moment){.ms = (int64_t)(day)*86400000 + 43200000})

struct fixture {
	char *dir, *path;
	struct store *s;
	struct diags d;
	struct arena a;
	int64_t preset;
};

__attribute__((unused)) static void must(struct fixture *f, bool ok)
{
	if (!ok)
		diags_print(&f->d, stderr);
	assert_true(ok);
	assert_int_equal(f->d.errors, 0);
}

/* It failed, and the first error has this code. Forgets the errors. */
__attribute__((unused)) static void must_fail(struct fixture *f, bool ok, const char *code)
{
	assert_false(ok);
	assert_true(f->d.errors > 0);
	for (size_t i = 0; i < f->d.count; i++) {
		if (f->d.items[i].level != DIAG_ERROR)
			continue;
		assert_string_equal(f->d.items[i].code, code);
		break;
	}
	diags_clear(&f->d);
}

__attribute__((unused)) static void open_store(struct fixture *f)
{
	struct srs_preset p;
	srs_preset_default(&p);
	must(f, store_open(&f->s, f->path, STORE_WRITE, &f->d));
	must(f, store_preset(f->s, &p, &f->preset, &f->d));
}

static void remove_tree(const char *dir)
{
	struct arena a = {0};
	char *line = arena_printf(&a, "rm -rf -- '%s'", dir);
	FILE *p = popen(line, "r");
	if (p)
		pclose(p);
	arena_clear(&a);
}

__attribute__((unused)) static int set_up_empty(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	f->dir = xstrdup("/tmp/gatedrill-store-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	f->path = xasprintf("%s/study.db", f->dir);
	*state = f;
	return 0;
}

__attribute__((unused)) static int set_up(void **state)
{
	if (set_up_empty(state) != 0)
		return -1;
	open_store(*state);
	return 0;
}

__attribute__((unused)) static int tear_down(void **state)
{
	struct fixture *f = *state;
	store_close(f->s);
	remove_tree(f->dir);
	diags_clear(&f->d);
	arena_clear(&f->a);
	free(f->dir);
	free(f->path);
	free(f);
	return 0;
}

__attribute__((unused)) static void reopen(struct fixture *f)
{
	store_close(f->s);
	f->s = NULL;
	must(f, store_open(&f->s, f->path, STORE_WRITE, &f->d));
}

/* Read text as the file at path and load it. */
__attribute__((unused)) static bool sync_text(struct fixture *f, const char *path, const char *text,
					      struct store_sync *r)
{
	struct deck deck;
	if (!deck_read(&deck, path, text, strlen(text), &f->d))
		return false;
	struct store_file file = {.path = path,
				  .size = (int64_t)strlen(text),
				  .hash = hash_text(text),
				  .deck = deck.slug};
	bool ok = store_sync_deck(f->s, &deck, &file, NOON(DAY0), r, &f->d);
	deck_clear(&deck);
	return ok;
}

__attribute__((unused)) static struct store_sync load(struct fixture *f, const char *path,
						      const char *text)
{
	struct store_sync r;
	must(f, sync_text(f, path, text, &r));
	return r;
}

__attribute__((unused)) static int64_t part_of(struct fixture *f, const char *key)
{
	int64_t id;
	must(f, store_find(f->s, key, &id, &f->d));
	return id;
}

__attribute__((unused)) static struct store_item item_of(struct fixture *f, const char *key)
{
	struct store_item item;
	must(f, store_item(f->s, part_of(f, key), &f->a, &item, &f->d));
	return item;
}

__attribute__((unused)) static bool log_event(struct fixture *f, int64_t part, enum srs_op op,
					      int arg, struct moment at, int64_t *id)
{
	struct store_answer a = {.part_id = part,
				 .event = {.op = op, .arg = arg, .at = at},
				 .took_ms = 1500,
				 .screen = "review"};
	return store_log(f->s, &a, f->preset, NULL, id, &f->d);
}

__attribute__((unused)) static int64_t answer(struct fixture *f, const char *key, int grade,
					      int day)
{
	int64_t id;
	must(f, log_event(f, part_of(f, key), SRS_OP_ANSWER, grade, NOON(day), &id));
	return id;
}

__attribute__((unused)) static size_t history_count(struct fixture *f, const char *key)
{
	struct store_log_row *rows;
	size_t n;
	must(f, store_history(f->s, part_of(f, key), 1000, &f->a, &rows, &n, &f->d));
	return n;
}

/* The cached states are what the log says, and the file is whole. */
__attribute__((unused)) static void assert_sound(struct fixture *f)
{
	struct store_rebuilt r;
	must(f, store_check(f->s, &f->d));
	must(f, store_rebuild(f->s, true, &r, &f->d));
	assert_int_equal(r.differed, 0);
}

/* All that a learner would miss: cards, states and the log as one text. */
static bool add_row(void *ctx, const struct store_candidate *c)
{
	str_addf(ctx, "%lld/%lld@%lld ", (long long)c->part_id, (long long)c->card_id,
		 (long long)c->position);
	return true;
}

__attribute__((unused)) static char *picture(struct fixture *f, struct store *s)
{
	struct str out = {0};
	struct store_log_row *rows;
	struct store_file *files;
	size_t n;
	struct store_wanted w = {.today = DAY0, .everything = true};
	must(f, store_candidates(s, &w, add_row, &out, &f->d));
	must(f, store_history(s, 0, 100000, &f->a, &rows, &n, &f->d));
	for (size_t i = 0; i < n; i++) {
		struct store_item item;
		must(f, store_item(s, rows[i].part_id, &f->a, &item, &f->d));
		str_addf(&out,
			 "\n%lld %s %d %d %lld undone %d; %s: state %d s %.17g d %.17g due %d",
			 (long long)rows[i].id, rows[i].key, rows[i].event.op, rows[i].event.arg,
			 (long long)rows[i].target, rows[i].undone, item.title, item.state.state,
			 item.state.stability_d, item.state.difficulty, item.state.due_day);
	}
	must(f, store_files(s, &f->a, &files, &n, &f->d));
	for (size_t i = 0; i < n; i++)
		str_addf(&out, "\n%s %s %d", files[i].path, files[i].deck, files[i].bad);
	return str_take(&out);
}

#define DECK(slug) "deck: " slug "\ntitle: Deck " slug "\nformat: \"1\"\ncards:\n"
#define CARD(id, front, back) \
	"- {id: " id ", kind: basic, front: \"" front "\", back: \"" back "\"}\n"

#endif
