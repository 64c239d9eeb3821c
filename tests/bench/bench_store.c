/* bench_store.c -- the store at the sizes the design names: a load of many cards, the first
 * candidates of a session, searches as they are typed, one answer, a rebuild. Usage: bench_store
 * [CARDS [ROWS [FOLDER]]]; the default is 100,000 cards, and a second store of half as many with
 * ROWS (1,000,000) answers. */
#include "base/random.h"
#include "base/str.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY0 20700  /* study day of the first answer */
#define WORDS 20000 /* to choose from */
#define DAYS 365

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(bool ok, struct diags *d)
{
	if (ok)
		return;
	diags_print(d, stderr);
	exit(1);
}

static void report(const char *what, double ms)
{
	printf("%-58s %10.2f ms\n", what, ms);
}

/* A word of the made-up language: word k is 1/k as frequent as the first, as in any language. */
static void add_word(struct str *out, struct rng *r)
{
	static const char *const first[] = {"the", "a",  "gateway", "api",   "is",      "of",
					    "to",  "in", "and",     "limit", "request", "stage"};
	static const char *const syllables[] = {
		"ta", "re", "in", "co",  "de", "pro", "st",  "con", "un", "le", "ma",  "si",
		"po", "ca", "di", "per", "ex", "gat", "lim", "thr", "su", "no", "ver", "au"};
	uint32_t k = (uint32_t)exp(rng_unit(r) * log(WORDS)) - 1;
	if (k < ARRAY_LEN(first)) {
		str_add(out, first[k]);
		return;
	}
	for (struct rng w = {k}; rng_below(&w, 4) || out->p[out->len - 1] == ' ';)
		str_add(out, syllables[rng_below(&w, ARRAY_LEN(syllables))]);
}

static void add_text(struct str *out, struct rng *r, int words)
{
	for (int i = 0; i < words; i++) {
		if (i)
			str_addc(out, ' ');
		add_word(out, r);
	}
}

static void make_deck(struct str *out, int cards, uint64_t seed)
{
	struct rng r = {seed};
	str_add(out, "deck: bench\ntitle: Bench\nformat: 1\ntags: [bench]\nsources:\n"
		     "  s: {title: A source, url: \"https://example.com/\", checked: "
		     "2026-11-20}\ncards:\n");
	for (int i = 0; i < cards; i++) {
		str_addf(out, "- id: card-%d\n  kind: basic\n  tags: [tag-%d]\n  front: ", i,
			 i % 40);
		add_text(out, &r, 15);
		str_add(out, "\n  back: ");
		add_text(out, &r, 25);
		str_add(out, "\n  source: s\n");
	}
}

static void load(struct store *s, const struct str *text, const char *what, struct diags *d)
{
	struct deck deck;
	struct store_file f = {
		.path = "/bench.yaml", .size = (int64_t)text->len, .hash = text->len};
	struct store_sync report_sync;
	double t = now_ms();
	must(deck_read(&deck, f.path, str_c(text), text->len, d), d);
	double read = now_ms() - t;
	t = now_ms();
	must(store_sync_deck(s, &deck, &f, (struct moment){.ms = (int64_t)DAY0 * 86400000},
			     &report_sync, d),
	     d);
	printf("%s (%d new, %d changed): deck_read %.0f ms, sync\n", what, report_sync.added,
	       report_sync.changed, read);
	report("", now_ms() - t);
	deck_clear(&deck);
}

static void bench_search(struct store *s, struct diags *d)
{
	static const char *const typed[] = {"t",   "th",       "the", "a",    "ap",      "api",
					    "g",   "ga",       "gat", "gate", "gateway", "co",
					    "con", "the gate", "zzz", "->"};
	struct srs_preset p;
	struct moment now = {.ms = (int64_t)(DAY0 + 1) * 86400000};
	srs_preset_default(&p);
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
			struct idset out = {0};
			struct store_leaf leaf = {.kind = LEAF_WORDS, .text = typed[i]};
			char what[64];
			double t = now_ms();
			must(store_leaf(s, &leaf, now, &p, &out, d), d);
			t = now_ms() - t;
			snprintf(what, sizeof(what), "search \"%s\": %zu cards%s", typed[i],
				 idset_count(&out), pass || i ? "" : " (first of a session)");
			if (pass || !i)
				report(what, t);
			idset_clear(&out);
		}
	static const enum store_leaf_kind kinds[] = {LEAF_ALL,    LEAF_TAG,      LEAF_DECK,
						     LEAF_LAPSES, LEAF_INTERVAL, LEAF_DUE};
	static const char *const names[] = {"all", "tag", "deck", "lapses", "interval", "due"};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct idset out = {0};
		struct store_leaf leaf = {.kind = kinds[i], .text = "tag-1*", .lo = 3, .hi = 9};
		double t = now_ms();
		must(store_leaf(s, &leaf, now, &p, &out, d), d);
		t = now_ms() - t;
		char what[64];
		snprintf(what, sizeof(what), "leaf %s: %zu cards", names[i], idset_count(&out));
		report(what, t);
		idset_clear(&out);
	}
}

/* A year of study: some new cards every day, and whatever is due, until there are so many rows. */
static int32_t fill_log(struct store *s, int cards, long rows, struct diags *d)
{
	static const int grades[20] = {1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4};
	struct rng r = {7};
	struct srs_preset p;
	int64_t preset;
	int32_t *due = xcalloc((size_t)cards + 1, sizeof(*due));
	long n = 0;
	srs_preset_default(&p);
	must(store_preset(s, &p, &preset, d) && store_begin(s, d), d);
	double t = now_ms();
	int32_t day;
	for (day = DAY0; n < rows; day++)
		for (int i = 1; i <= cards && i <= (day - DAY0 + 1) * (cards / DAYS + 1); i++) {
			struct srs_card after;
			struct moment at = {.ms = (int64_t)day * 86400000 + 36000000 + i * 100};
			struct store_answer a = {
				.part_id = i,
				.took_ms = 4000,
				.screen = "review",
				.event = {SRS_OP_ANSWER, grades[rng_below(&r, ARRAY_LEN(grades))],
					  at},
			};
			if (due[i] > day)
				continue;
			must(store_log(s, &a, preset, &after, NULL, d), d);
			due[i] = after.by_day ? after.due_day : day;
			n++;
		}
	must(store_commit(s, d), d);
	printf("%ld rows of log:", n);
	report("", now_ms() - t);
	free(due);
	return day - 1;
}

static bool count_one(void *ctx, const struct store_candidate *c)
{
	(void)c;
	++*(int *)ctx;
	return true;
}

static void bench_session(const char *path, int32_t today, struct diags *d)
{
	struct moment now = {.ms = (int64_t)today * 86400000 + 12 * 3600000};
	for (int pass = 0; pass < 3; pass++) {
		struct store *s;
		struct arena a = {0};
		struct store_wanted w = {.today = today, .until_day = today, .new_max = 20};
		struct store_today done;
		struct store_deck *decks;
		size_t n;
		int found = 0;
		double t[6];
		t[0] = now_ms();
		must(store_open(&s, path, STORE_WRITE, d), d);
		t[1] = now_ms();
		must(store_candidates(s, &w, count_one, &found, d), d);
		t[2] = now_ms();
		must(store_today(s, DAY0 + 300, &done, d), d);
		t[3] = now_ms();
		must(store_decks(s, now, 240, &a, &decks, &n, d), d);
		t[4] = now_ms();
		printf("session: open %.2f, %d candidates %.2f, today (%d answers) %.2f, decks "
		       "%.2f ms\n",
		       t[1] - t[0], found, t[2] - t[1], done.answers, t[3] - t[2], t[4] - t[3]);
		idset_clear(&done.cards);
		arena_clear(&a);
		store_close(s);
	}
}

static void bench_answers(struct store *s, int32_t today, struct diags *d)
{
	struct srs_preset p;
	int64_t preset;
	struct moment at = {.ms = (int64_t)today * 86400000};
	double worst = 0, sum = 0;
	srs_preset_default(&p);
	must(store_preset(s, &p, &preset, d), d);
	for (int i = 0; i < 100; i++) {
		struct store_answer a = {.part_id = 1 + i * 37,
					 .event = {.op = SRS_OP_ANSWER, .arg = 3, .at = at},
					 .screen = "review"};
		double t = now_ms();
		must(store_log(s, &a, preset, NULL, NULL, d), d);
		t = now_ms() - t;
		sum += t;
		worst = t > worst ? t : worst;
	}
	report("one answer on disk, mean of 100", sum / 100);
	report("one answer on disk, worst of 100", worst);
	struct arena a = {0};
	struct store_log_row row;
	double t = now_ms();
	must(store_undo(s, at, 0, &a, &row, d), d);
	report("undo", now_ms() - t);
	arena_clear(&a);
}

static void bench_rebuild(struct store *s, struct diags *d)
{
	struct store_rebuilt r;
	for (int pass = 0; pass < 2; pass++) {
		double t = now_ms();
		must(store_rebuild(s, pass == 0, &r, d), d);
		char what[96];
		snprintf(what, sizeof(what), "%s: %lld rows, %lld parts, %lld differed",
			 pass ? "rebuild" : "rebuild, check only", (long long)r.rows,
			 (long long)r.parts, (long long)r.differed);
		report(what, now_ms() - t);
	}
	struct arena a = {0};
	struct store_day_count *days;
	size_t n;
	double t = now_ms();
	must(store_days(s, DAY0, INT32_MAX, NULL, &a, &days, &n, d), d);
	report("answers by day, all", now_ms() - t);
	arena_clear(&a);
}

int main(int argc, char **argv)
{
	int cards = argc > 1 ? atoi(argv[1]) : 100000;
	long rows = argc > 2 ? atol(argv[2]) : 1000000;
	const char *dir = argc > 3 ? argv[3] : "/tmp";
	struct diags d = {0};
	struct str text = {0};
	struct store *s;
	char *path = xasprintf("%s/bench-store-%ld.db", dir, (long)getpid());
	char *side = xasprintf("%s.lock", path);
	must(store_open(&s, path, STORE_WRITE, &d), &d);
	make_deck(&text, cards, 1);
	printf("%d cards, %zu bytes of YAML\n", cards, text.len);
	load(s, &text, "first load", &d);
	load(s, &text, "same again", &d);
	str_reset(&text);
	make_deck(&text, cards, 1);
	memcpy(strstr(text.p + text.len / 2, "front: ") + 7, "x", 1);
	load(s, &text, "one card changed", &d);
	bench_search(s, &d);
	store_close(s);
	unlink(path);
	must(store_open(&s, path, STORE_WRITE, &d), &d);
	str_reset(&text);
	make_deck(&text, cards / 2, 2);
	load(s, &text, "half as many", &d);
	int32_t last = fill_log(s, cards / 2, rows, &d);
	double t = now_ms();
	store_close(s);
	report("close", now_ms() - t);
	bench_session(path, last + 30, &d); /* after a month off, so that much is due */
	must(store_open(&s, path, STORE_WRITE, &d), &d);
	bench_answers(s, last + 1, &d);
	bench_rebuild(s, &d);
	t = now_ms();
	must(store_backup(s, side, true, &d), &d);
	report("backup", now_ms() - t);
	store_close(s);
	unlink(path);
	unlink(side);
	str_clear(&text);
	diags_clear(&d);
	free(path);
	free(side);
	return 0;
}
