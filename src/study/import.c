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

/* -- in words ---------------------------------------------------------------------------------- */

static void add_decks(struct str *out, const struct study_import_report *r, bool dry_run)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct study_imported *k = &r->decks[i];
		str_addf(out, "%s %s: %zu %s, \"%s\".\n", dry_run ? "Would write" : "Wrote",
			 k->path, k->cards, str_plural((long)k->cards, "card", "cards"), k->title);
		if (strcmp(k->slug, k->wanted) != 0)
			str_addf(out, "There is a deck %s already, so this one is called %s.\n",
				 k->wanted, k->slug);
	}
}

/* A sentence, when there is something to say. */
static void add_count(struct str *out, size_t n, const char *one, const char *many)
{
	if (!n)
		return;
	str_addf(out, n == 1 ? one : many, n);
	str_addc(out, '\n');
}

static void add_left_out(struct str *out, const struct import_report *r)
{
	size_t media = r->media ? r->media : r->html.images + r->html.sounds;
	add_count(out, r->skipped, "%zu record gave no card; the warning says why.",
		  "%zu records gave no card; the warnings say why.");
	add_count(out, media, "%zu picture or sound was left out: cards are text.",
		  "%zu pictures and sounds were left out: cards are text.");
	add_count(out, r->edited, "%zu note had been edited; the text that is seen counts.",
		  "%zu notes had been edited; the text that is seen counts.");
	add_count(out, r->renamed,
		  "%zu tag was renamed: tags are lower-case letters, digits and hyphens.",
		  "%zu tags were renamed: tags are lower-case letters, digits and hyphens.");
	add_count(out, r->lost, "%zu character could not be read; a ? stands for it.",
		  "%zu characters could not be read; a ? stands for each.");
}

static void add_history(struct str *out, const struct study_import_report *r, bool dry_run)
{
	size_t logged = 0;
	for (size_t i = 0; i < r->count; i++)
		logged += r->decks[i].answers;
	if (dry_run)
		logged = r->read.reviews - r->read.reviews_left_out;
	str_addf(out, "%zu %s of the history %s.\n", logged,
		 str_plural((long)logged, "answer", "answers"),
		 dry_run       ? "would be logged"
		 : logged == 1 ? "was logged"
			       : "were logged");
	add_count(out, r->read.reviews_left_out, "%zu row of the history belongs to no card here.",
		  "%zu rows of the history belong to no card here.");
}

const char *study_import_text(struct arena *a, const struct study_import_report *r,
			      const struct study_import *i)
{
	struct str out = {0};
	add_decks(&out, r, i->dry_run);
	add_left_out(&out, &r->read);
	if (i->in.progress)
		add_history(&out, r, i->dry_run);
	const char *text = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return text;
}
