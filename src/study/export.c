/* export.c -- see exchange.h: which cards go out, and how they stand.
 *
 * Cards come from the store, one at a time, because it has them in the form in which they are shown
 * and knows their history; the heads of decks come from the deck files, since the store keeps no
 * more of a deck than its cards need. A deck whose file cannot be read now is still written, with
 * what its cards say of it. */
#include "base/file.h"
#include "study/exchange.h"

#include <string.h>

struct sender {
	struct study *s;
	struct export *x;
	struct diags *d;
	struct store_file *files;
	size_t file_count;
	struct arena arena; /* of files */
	struct deck head;   /* of the deck begun */
	char slug[MAX_SLUG + 1];
	bool failed;
};

static const struct store_file *file_of(const struct sender *e, const char *slug)
{
	for (size_t i = 0; i < e->file_count; i++)
		if (!strcmp(e->files[i].deck, slug))
			return &e->files[i];
	return NULL;
}

/* From the deck's file; false: it is not there, or holds another deck by now. */
static bool read_head(struct sender *e, const struct store_file *f)
{
	struct str bytes = {0};
	bool ok = f && file_read(f->path, MAX_DECK_BYTES, &bytes, NULL) &&
		  deck_read_head(&e->head, f->path, str_c(&bytes), bytes.len, NULL);
	str_clear(&bytes);
	if (ok && strcmp(e->head.slug, f->deck) != 0) {
		deck_clear(&e->head);
		ok = false;
	}
	return ok;
}

/* A deck begins with the first card that is of another. */
static bool begin_deck(struct sender *e, const struct store_whole *w)
{
	size_t n = strlen(w->deck);
	if (!strcmp(e->slug, w->deck) || n > MAX_SLUG)
		return true;
	deck_clear(&e->head);
	memcpy(e->slug, w->deck, n + 1);
	const struct store_file *f = file_of(e, w->deck);
	if (!read_head(e, f) && !deck_read_card(&e->head, w->body.p, w->body.len, e->d))
		return false;
	return export_deck(e->x, &e->head, f ? f->mtime_ns / 1000000 : 0, e->d);
}

/* How the parts stand, in the order of card_parts; NULL: the store knows other parts. */
static struct export_part *read_parts(struct arena *a, const struct card *card,
				      const struct store_whole *w)
{
	struct part *parts;
	size_t n = card_parts(a, card, &parts);
	struct export_part *out = arena_alloc(a, (n + 1) * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < w->part_count && strcmp(w->parts[k].name, parts[i].name) != 0)
			k++;
		if (k == w->part_count)
			return NULL;
		const struct store_whole_part *p = &w->parts[k];
		struct export_answer *log = arena_alloc(a, (p->step_count + 1) * sizeof(*log));
		for (size_t m = 0; m < p->step_count; m++)
			log[m] = (struct export_answer){.event = p->steps[m].event,
							.took_ms = p->steps[m].took_ms,
							.before = p->steps[m].before,
							.after = p->steps[m].after};
		out[i] = (struct export_part){
			.state = p->state, .log = log, .log_count = p->step_count};
	}
	return out;
}

static bool send(void *ctx, const struct store_whole *w)
{
	struct sender *e = ctx;
	struct arena a = {0};
	struct deck one = {0};
	bool ok = begin_deck(e, w) && deck_read_card(&one, w->body.p, w->body.len, e->d);
	if (ok) {
		struct export_item item = {.deck = &one, .card = &one.cards[0], .json = w->body};
		if (w->parts)
			item.parts = read_parts(&a, item.card, w);
		ok = export_card(e->x, &item, e->d);
	}
	deck_clear(&one);
	arena_clear(&a);
	e->failed = !ok;
	return ok;
}

/* Names of files outlive the export. */
static void keep_report(struct arena *a, struct export_report *r)
{
	const char **files = arena_alloc(a, (r->file_count + 1) * sizeof(*files));
	for (size_t i = 0; i < r->file_count; i++)
		files[i] = arena_strdup(a, r->files[i]);
	r->files = files;
}

static bool run(struct sender *e, const struct idset *parts, const struct study_export *o,
		struct arena *a, struct export_report *report, struct diags *d)
{
	struct export_options options = o->out;
	options.now = study_now(e->s);
	options.preset = &e->s->config.preset;
	options.temp_dir = path_dir(&e->arena, e->s->paths->db);
	if (!export_open(&e->x, &options, d))
		return false;
	bool ok = store_each_whole(e->s->store, parts, options.progress, export_total(e->x), send,
				   e, d) &&
		  !e->failed && export_finish(e->x, report, d);
	if (ok)
		keep_report(a, report);
	export_close(e->x);
	return ok;
}

static bool is_empty(const struct idset *ids)
{
	return idset_next(ids, 0) == 0;
}

bool study_export(struct study *s, const struct study_export *o, struct arena *a,
		  struct export_report *report, struct diags *d)
{
	struct sender e = {.s = s, .d = d};
	struct idset ids = {0};
	const char *query = o->query ? o->query : "";
	*report = (struct export_report){0};
	bool ok = study_find(s, query, false, &ids, d);
	if (ok && is_empty(&ids))
		ok = diag_fail(d, "export-none", "no card matches, so nothing was written");
	ok = ok && store_files(s->store, &e.arena, &e.files, &e.file_count, d) &&
	     run(&e, &ids, o, a, report, d);
	deck_clear(&e.head);
	arena_clear(&e.arena);
	idset_clear(&ids);
	return ok;
}
