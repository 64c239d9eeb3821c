/* t_footer.c -- the footer promises only what works: each key it shows is pressed on a screen of
 * its own, and the screen must change. */
#include "tests/screen/scene.h"

#define MAX_ENTRIES 16

/* One scene for each set of keys. */
static const char *const names_of_scenes[] = {
	"home",
	"decks",
	"cards of a deck",
	"search, typed",
	"card",
	"statistics",
	"question",
	"answer",
	"choice",
	"pairs",
	"order",
	"typed",
	"waiting",
	"end",
	"help",
	"help, filtered",
	"command line",
	"yes or no",
	"note",
	"quiz",
	"quiz, how sure",
	"quiz, answer",
	"quiz, end",
	"exams",
	"exam",
	"exam, all questions",
	"exam, result",
	"exam, answers",
	"trees",
	"advice, question",
	"advice",
	"case",
	"case, answer",
	"walk",
	"walk, end",
};

struct entry {
	char text[40]; /* "Space show the answer" */
	char keys[12]; /* what is sent for it */
};

/* The keys of an entry and what they send. "" ends the program. */
static const struct {
	const char *shown, *sent;
} names[] = {
	{"Space ", " "},  {"Enter ", ENTER}, {"Esc ", ESC}, {"Tab ", "\t"}, {"Backspace ", "\177"},
	{"↑↓ ", DOWN},    {"J K ", "J"},     {"1-4 ", "4"}, {"a-", "b"},    {"←→ ", RIGHT},
	{"←↑↓→ ", RIGHT}, {"1-3 ", "2"},     {"y n ", "y"}, {"C-", ""},
};

static void find_keys(struct entry *e)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strncmp(e->text, names[i].shown, strlen(names[i].shown)) != 0)
			continue;
		snprintf(e->keys, sizeof(e->keys), "%s", names[i].sent);
		if (!e->keys[0])
			snprintf(e->keys, sizeof(e->keys), "%c", e->text[2] & 31);
		return;
	}
	if (e->text[1] != ' ')
		fail_msg("what key is \"%s\"?", e->text);
	snprintf(e->keys, sizeof(e->keys), "%c", e->text[0]);
}

/* Entries of the last row; they are parted by two blanks and more. */
static size_t read_footer(struct term *t, int row, struct entry *out)
{
	const char *p = term_row(t, row);
	size_t n = 0;
	for (p += strspn(p, " "); *p && n < MAX_ENTRIES; p += strspn(p, " ")) {
		const char *end = strstr(p, "  ");
		size_t len = end ? (size_t)(end - p) : strlen(p);
		snprintf(out[n].text, sizeof(out[n].text), "%.*s", (int)len, p);
		find_keys(&out[n++]);
		p += len;
	}
	return n;
}

/* The screen must change. Gives the one before. */
static const char *press(struct term *t, const struct scene *s, const struct entry *e)
{
	const char *before = term_keep(t);
	term_send(t, e->keys);
	if (!term_reacts(t, before))
		fail_msg("%s: \"%s\" does nothing\n%s", s->name, e->text, before);
	return before;
}

static void press_anew(const struct home *h, const struct scene *s, const struct entry *e)
{
	home_restore(h);
	struct term *t = scene_start(h, s);
	press(t, s, e);
	term_kill(t);
}

static bool ends_in(const struct entry *e, const char *label)
{
	const char *at = strrchr(e->text, ' ');
	return at && strcmp(at + 1, label) == 0;
}

/* Help and the way out need no program of their own. */
static void press_here(struct term *t, const struct scene *s, const struct entry *e)
{
	const char *before = press(t, s, e);
	if (!ends_in(e, "keys"))
		return;
	term_send(t, ESC);
	term_wait_same(t, before);
}

static void each_key_of_each_footer_works(void **state)
{
	struct home *h = *state;
	struct entry entries[MAX_ENTRIES];
	static const char *const env[] = {"EDITOR=true", NULL};
	h->env = env;
	scene_prepare(h);
	home_deck(h, "wide");
	home_run(h, "deck list", "", NULL);
	home_save(h);
	for (size_t i = 0; i < ARRAY_LEN(names_of_scenes); i++) {
		const struct scene *s = scene_named(names_of_scenes[i]);
		home_restore(h);
		struct term *t = scene_start(h, s);
		size_t n = read_footer(t, h->rows - 1, entries);
		assert_true(n > 0);
		/* The way out stands last. */
		for (size_t k = 0; k < n; k++)
			if (ends_in(&entries[k], "keys") || k + 1 == n)
				press_here(t, s, &entries[k]);
		term_kill(t);
		for (size_t k = 0; k + 1 < n; k++)
			if (!ends_in(&entries[k], "keys"))
				press_anew(h, s, &entries[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(each_key_of_each_footer_works),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
