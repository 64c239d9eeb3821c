/* study.c -- see study.h. Opening is on the path of every command and of the first card on the
 * screen, so it does as little as can be right: the settings file, one store, and one stat per deck
 * file; a deck is parsed only when its size or time differ from what the store remembers, and
 * written only when its bytes do. */
#include "study/study.h"
#include "base/file.h"
#include "base/random.h"
#include "study/query.h"

#include <string.h>
#include <unistd.h>

struct moment study_now(const struct study *s)
{
	return clock_now(&s->clock);
}

int32_t study_today(const struct study *s)
{
	return day_of(study_now(s), s->config.preset.day_start_min);
}

static bool list_decks(struct arena *a, const char *dir, const char ***paths, size_t *count,
		       size_t *cap, struct diags *d)
{
	static const char *const suffixes[] = {".yaml", ".yml"};
	for (size_t k = 0; k < ARRAY_LEN(suffixes); k++) {
		const char **names;
		size_t n;
		if (!file_list(dir, suffixes[k], a, &names, &n, d))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (*count == *cap) {
				const char **grown =
					arena_alloc(a, (*cap * 2 + 32) * sizeof(*grown));
				if (*count)
					memcpy(grown, *paths, *count * sizeof(*grown));
				*paths = grown;
				*cap = *cap * 2 + 32;
			}
			(*paths)[(*count)++] = path_join(a, dir, names[i]);
		}
	}
	return true;
}

bool study_deck_files(const struct study *s, struct arena *a, const char ***paths, size_t *count,
		      struct diags *d)
{
	size_t cap = 0;
	*paths = NULL;
	*count = 0;
	return list_decks(a, s->paths->bundled_decks, paths, count, &cap, d) &&
	       list_decks(a, s->paths->own_decks, paths, count, &cap, d);
}

static const struct store_file *known_file(const struct store_file *files, size_t n,
					   const char *path)
{
	size_t lo = 0;
	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;
		int c = strcmp(path, files[mid].path);
		if (c == 0)
			return &files[mid];
		if (c < 0)
			n = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static void sync_add(struct store_sync *sum, const struct store_sync *x)
{
	sum->added += x->added;
	sum->changed += x->changed;
	sum->removed += x->removed;
	sum->returned += x->returned;
	sum->moved += x->moved;
	sum->renamed += x->renamed;
	sum->parts_added += x->parts_added;
	sum->parts_removed += x->parts_removed;
}

/* Its cards stay those of the last good reading, and it is tried again next time. */
static bool keep_last_good(struct study *s, struct store_file *f, const struct store_file *known,
			   struct study_load *report, struct diags *d)
{
	f->deck = known ? known->deck : "";
	f->bad = true;
	report->failed++;
	return store_file_seen(s->store, f, d);
}

/* The deck's cards into the store. A deck that another file holds already is that file's fault, not
 * the store's. */
static bool sync_deck(struct study *s, struct deck *deck, struct store_file *f,
		      const struct store_file *known, struct study_load *report, struct diags *d)
{
	struct store_sync sync = {0};
	struct diags found = {0};
	f->deck = deck->slug;
	bool ok = store_sync_deck(s->store, deck, f, study_now(s), &sync, &found);
	bool twice =
		!ok && found.count && str_eq(found.items[found.count - 1].code, "store-deck-twice");
	if (d)
		diags_append(d, &found);
	diags_clear(&found);
	report->read += ok;
	sync_add(&report->cards, &sync);
	return twice ? keep_last_good(s, f, known, report, d) : ok;
}

/* A file whose stat changed: parse it if its bytes did too. The store is inside a transaction.
 * False only for the store. */
static bool load_changed(struct study *s, struct store_file *f, const struct store_file *known,
			 struct study_load *report, struct diags *d)
{
	struct str text = {0};
	struct deck deck = {0};
	bool ok = true;
	if (!file_read(f->path, MAX_DECK_BYTES, &text, d)) {
		report->failed++;
		return true;
	}
	f->hash = hash_bytes(text.p, text.len, 0);
	if (known && known->hash == f->hash && !known->bad) {
		f->deck = known->deck;
		ok = store_file_seen(s->store, f, d);
	} else if (deck_read(&deck, f->path, str_c(&text), text.len, d)) {
		ok = sync_deck(s, &deck, f, known, report, d);
	} else {
		ok = keep_last_good(s, f, known, report, d);
	}
	deck_clear(&deck);
	str_clear(&text);
	return ok;
}

/* What a look at the folders found: files to read, and known files that are no longer there. */
struct scan {
	struct store_file *known;
	bool *found; /* by index in known */
	size_t known_count, gone;
	struct pending {
		struct store_file file;
		const struct store_file *known;
	} * pending;
	size_t pending_count;
};

/* The decks of files that were not found again are set aside. Called before new files are read: a
 * deck that moved to another folder comes back at once, history and all. */
static bool drop_missing(struct study *s, const struct scan *scan, struct study_load *report,
			 struct diags *d)
{
	for (size_t i = 0; i < scan->known_count; i++) {
		struct store_sync sync = {0};
		if (scan->found[i])
			continue;
		if (!store_file_gone(s->store, scan->known[i].path, &sync, d))
			return false;
		sync_add(&report->cards, &sync);
	}
	return true;
}

static bool scan_files(struct study *s, struct arena *a, struct scan *scan,
		       struct study_load *report, struct diags *d)
{
	const char **paths;
	size_t n;
	if (!study_deck_files(s, a, &paths, &n, d) ||
	    !store_files(s->store, a, &scan->known, &scan->known_count, d))
		return false;
	scan->pending = arena_alloc(a, (n + 1) * sizeof(*scan->pending));
	scan->found = arena_alloc(a, scan->known_count + 1);
	scan->gone = scan->known_count;
	report->files = (int)n;
	for (size_t i = 0; i < n; i++) {
		struct file_stat st;
		if (!file_stat(paths[i], &st))
			continue;
		const struct store_file *k = known_file(scan->known, scan->known_count, paths[i]);
		if (k) {
			scan->found[k - scan->known] = true;
			scan->gone--;
		}
		if (k && !k->bad && k->mtime_ns == st.mtime_ns && k->size == st.size)
			continue;
		scan->pending[scan->pending_count++] = (struct pending){
			.file = {.path = paths[i],
				 .mtime_ns = st.mtime_ns,
				 .size = st.size,
				 .deck = ""},
			.known = k,
		};
	}
	return true;
}

bool study_load_decks(struct study *s, struct study_load *report, struct diags *d)
{
	struct arena a = {0};
	struct scan scan = {0};
	*report = (struct study_load){0};
	bool ok = scan_files(s, &a, &scan, report, d);
	if (ok && (scan.pending_count || scan.gone) && !s->read_only) {
		ok = store_begin(s->store, d) && drop_missing(s, &scan, report, d);
		for (size_t i = 0; ok && i < scan.pending_count; i++)
			ok = load_changed(s, &scan.pending[i].file, scan.pending[i].known, report,
					  d);
		if (ok)
			ok = store_commit(s->store, d);
		else
			store_rollback(s->store);
	}
	arena_clear(&a);
	return ok;
}

const char *study_load_text(const struct study_load *l, struct arena *a)
{
	const struct {
		int n;
		const char *what;
	} parts[] = {
		{l->cards.added, "new"},           {l->cards.changed, "changed"},
		{l->cards.returned, "back again"}, {l->cards.removed, "set aside"},
		{l->cards.moved, "moved"},         {l->cards.renamed, "renamed"},
	};
	const char *text = "";
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].n)
			continue;
		if (text[0])
			text = arena_printf(a, "%s, %d %s", text, parts[i].n, parts[i].what);
		else
			text = arena_printf(a, "%d %s %s", parts[i].n,
					    str_plural(parts[i].n, "card", "cards"), parts[i].what);
	}
	return text;
}

/* A store in a folder that cannot be written can still be read: searches and statistics work, study
 * does not. */
static bool open_store(struct study *s, struct diags *d)
{
	struct arena a = {0};
	struct diags first = {0}, second = {0};
	const char *dir = path_dir(&a, s->paths->db);
	bool ok = file_mkdirs(dir, &first) &&
		  store_open(&s->store, s->paths->db, STORE_WRITE, &first);
	if (!ok && store_open(&s->store, s->paths->db, STORE_READ, &second)) {
		s->read_only = ok = true;
		diag_warn(d, (struct pos){0}, "store-read-only", "%s; nothing can be saved",
			  diags_first(&first));
	}
	if (!ok)
		diags_append(d, &first);
	diags_clear(&first);
	diags_clear(&second);
	arena_clear(&a);
	return ok;
}

bool study_open_settings(struct study *s, const struct study_options *o, struct diags *d)
{
	*s = (struct study){.paths = o->paths,
			    .clock = o->clock,
			    .seed = o->has_seed ? o->seed : rng_system_seed()};
	if (config_read(&s->config, o->paths->config, d))
		return true;
	study_close(s);
	return false;
}

bool study_open(struct study *s, const struct study_options *o, struct diags *d)
{
	struct study_load report;
	if (!study_open_settings(s, o, d))
		return false;
	if (open_store(s, d) && study_load_decks(s, &report, d))
		return true;
	study_close(s);
	return false;
}

void study_close(struct study *s)
{
	store_close(s->store);
	config_clear(&s->config);
	*s = (struct study){0};
}

bool study_find(struct study *s, const char *query, bool as_typed, struct idset *out,
		struct diags *d)
{
	struct arena a = {0};
	struct query *q;
	bool ok = query_parse(&a, query, as_typed, &q, d) &&
		  query_run(s->store, q, study_now(s), &s->config.preset, out, d);
	query_clear(q);
	arena_clear(&a);
	return ok;
}

const char *study_unknown_name(struct study *s, const char *query, struct arena *a)
{
	struct arena parsed = {0};
	struct query *q;
	const char *text = NULL;
	if (query_parse(&parsed, query, false, &q, NULL))
		text = query_unknown_name(s->store, q, study_now(s), &s->config.preset, a);
	query_clear(q);
	arena_clear(&parsed);
	return text;
}

static bool prune_backups(const struct study *s, struct arena *a, struct diags *d)
{
	const char **names;
	size_t n;
	if (!file_list(s->paths->backups, ".db", a, &names, &n, d))
		return false;
	size_t ours = 0;
	for (size_t i = 0; i < n; i++)
		if (str_starts(names[i], "study-"))
			names[ours++] = names[i];
	for (size_t i = 0; i + KEPT_BACKUPS < ours; i++)
		unlink(path_join(a, s->paths->backups, names[i]));
	return true;
}

bool study_auto_backup(struct study *s, struct diags *d)
{
	struct arena a = {0};
	const char *today = date_text(&a, study_today(s));
	char *last = NULL;
	if (s->read_only)
		return true;
	bool ok = store_meta_get(s->store, "last-backup", &a, &last, d);
	if (ok && !str_eq(last, today)) {
		char *path =
			path_join(&a, s->paths->backups, arena_printf(&a, "study-%s.db", today));
		ok = file_mkdirs(s->paths->backups, d) && store_backup(s->store, path, true, d) &&
		     store_meta_set(s->store, "last-backup", today, d) && prune_backups(s, &a, d);
	}
	arena_clear(&a);
	return ok;
}
