/* import.c -- see exchange.h: decks that came in become files of the learner's own, and their
 * history becomes ours.
 *
 * Deck files are written first and taken away again when anything after that fails: the log must
 * not speak of cards that are in no file. The log itself is one transaction. */
#include "base/file.h"
#include "exchange/slug.h"
#include "study/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct receiver {
	struct study *s;
	const struct study_import *o;
	struct import in;
	struct names taken; /* slugs */
	struct arena *a;
	struct study_import_report *report;
	struct diags *d;
	size_t written; /* files */
};

static bool stopped(struct receiver *r)
{
	return diag_fail(r->d, "import-stopped", "stopped; nothing was written");
}

/* -- names ------------------------------------------------------------------------------------- */

/* Slugs of all decks the store has heard of, also of files that cannot be read now. */
static bool find_taken(struct receiver *r)
{
	struct arena a = {0};
	struct store_file *files;
	size_t n = 0;
	bool ok = store_files(r->s->store, &a, &files, &n, r->d);
	for (size_t i = 0; ok && i < n; i++)
		if (files[i].deck[0])
			names_add(&r->taken, files[i].deck);
	arena_clear(&a);
	return ok;
}

static const char *path_of(struct receiver *r, const char *slug)
{
	return path_join(r->a, r->s->paths->own_decks, arena_printf(r->a, "%s.yaml", slug));
}

static void name_deck(struct receiver *r, const struct import_deck *k, struct study_imported *out)
{
	struct file_stat st;
	const char *slug;
	do
		slug = names_unique(&r->taken, k->slug);
	while (file_stat(path_of(r, slug), &st));
	*out = (struct study_imported){
		.path = path_of(r, slug),
		.slug = arena_strdup(r->a, slug),
		.wanted = arena_strdup(r->a, k->slug),
		.title = arena_strdup(r->a, k->title),
	};
	for (size_t i = 0; i < CARD_KIND_COUNT; i++)
		out->cards += k->cards[i];
}

/* -- files ------------------------------------------------------------------------------------- */

/* The deck's first line is its slug. */
static bool write_deck(struct receiver *r, const struct import_deck *k,
		       const struct study_imported *to)
{
	if (strcmp(to->slug, k->slug) == 0)
		return file_create(to->path, k->yaml, k->yaml_len, r->d);
	struct str s = {0};
	size_t first = strcspn(k->yaml, "\n");
	str_addf(&s, "deck: %s", to->slug);
	str_addn(&s, k->yaml + first, k->yaml_len - first);
	bool ok = file_create(to->path, str_c(&s), s.len, r->d);
	str_clear(&s);
	return ok;
}

static void take_away(struct receiver *r)
{
	for (size_t i = 0; i < r->written; i++)
		unlink(r->report->decks[i].path);
	r->written = 0;
}

static bool write_decks(struct receiver *r)
{
	const struct job *job = r->o->in.job;
	if (!file_mkdirs(r->s->paths->own_decks, r->d))
		return false;
	for (size_t i = 0; i < r->in.deck_count; i++) {
		if (!job_goes_on(job, "decks", i, r->in.deck_count))
			return stopped(r);
		if (!write_deck(r, &r->in.decks[i], &r->report->decks[i]))
			return false;
		r->written++;
	}
	return true;
}

/* -- history ----------------------------------------------------------------------------------- */

static bool log_one(struct receiver *r, size_t deck, const struct import_answer *l, int64_t preset)
{
	struct study_imported *to = &r->report->decks[deck];
	struct arena a = {0};
	int64_t part = 0;
	const char *key = l->part[0] ? arena_printf(&a, "%s/%s#%s", to->slug, l->card, l->part)
				     : arena_printf(&a, "%s/%s", to->slug, l->card);
	bool ok = store_find(r->s->store, key, &part, r->d);
	arena_clear(&a);
	if (ok && !part) {
		r->report->read.reviews_left_out++;
		return true;
	}
	const struct store_answer answer = {
		.part_id = part, .event = l->event, .took_ms = l->took_ms, .screen = "import"};
	to->answers += ok && l->event.op == SRS_OP_ANSWER;
	return ok && store_log(r->s->store, &answer, preset, NULL, NULL, r->d);
}

static bool log_deck(struct receiver *r, size_t deck, int64_t preset)
{
	const struct import_deck *k = &r->in.decks[deck];
	for (size_t i = 0; i < k->log_count; i++) {
		if (i % 128 == 0 && !job_goes_on(r->o->in.job, "reviews", i, k->log_count))
			return stopped(r);
		if (!log_one(r, deck, &k->log[i], preset))
			return false;
	}
	return true;
}

static bool log_all(struct receiver *r)
{
	struct store *store = r->s->store;
	int64_t preset = 0;
	bool ok = store_preset(store, &r->s->config.preset, &preset, r->d) &&
		  store_begin(store, r->d);
	if (!ok)
		return false;
	for (size_t i = 0; ok && i < r->in.deck_count; i++)
		ok = log_deck(r, i, preset);
	if (ok)
		return store_commit(store, r->d);
	store_rollback(store);
	return false;
}

/* -- the import -------------------------------------------------------------------------------- */

/* The text of the decks is on the disk now, and loading takes memory of its own. */
static void drop_text(struct receiver *r)
{
	for (size_t i = 0; i < r->in.deck_count; i++) {
		free((char *)r->in.decks[i].yaml);
		r->in.decks[i].yaml = NULL;
	}
}

static bool keep(struct receiver *r)
{
	struct study_load load;
	if (r->s->read_only)
		return diag_fail(r->d, "store-read-only",
				 "the study store can only be read; nothing was imported");
	if (!write_decks(r))
		return false;
	drop_text(r);
	if (!r->o->load && !r->o->in.progress)
		return true;
	return study_load_decks(r->s, &load, r->d) && (!r->o->in.progress || log_all(r));
}

static bool receive(struct receiver *r)
{
	struct study_import_report *report = r->report;
	struct study_load load;
	report->read = r->in.report;
	report->count = r->in.deck_count;
	report->decks = arena_alloc(r->a, (report->count + 1) * sizeof(*report->decks));
	if (!find_taken(r))
		return false;
	for (size_t i = 0; i < report->count; i++)
		name_deck(r, &r->in.decks[i], &report->decks[i]);
	if (r->o->dry_run || keep(r))
		return true;
	bool loaded = r->written == report->count && (r->o->load || r->o->in.progress);
	take_away(r);
	if (loaded)
		study_load_decks(r->s, &load, NULL);
	return false;
}

bool study_import(struct study *s, const char *const *paths, size_t count,
		  const struct study_import *i, struct arena *a, struct study_import_report *report,
		  struct diags *d)
{
	struct receiver r = {.s = s, .o = i, .a = a, .report = report, .d = d};
	struct import_options in = i->in;
	*report = (struct study_import_report){.count = 0};
	in.now = study_now(s);
	in.day_start_min = s->config.preset.day_start_min;
	in.temp_dir = path_dir(a, s->paths->db);
	bool ok = import_files(&r.in, paths, count, &in, d) && receive(&r);
	names_clear(&r.taken);
	import_clear(&r.in);
	return ok;
}
