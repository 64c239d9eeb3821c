/* t_random.c -- keys at random on screens of random size. The program must neither crash nor hang,
 * and what it logged meanwhile must give the states it keeps. A failure prints the keys. */
#include "tests/screen/home.h"

enum { SEEDS = 5, KEYS = 150 };

static const char *const keys[] = {
	" ",       "\r",    "\033",   "a",       "b",        "c",         "d",      "e",    "f",
	"g",       "x",     "1",      "2",       "3",        "4",         "u",      "\022", "s",
	"o",       "!",     "D",      "3\r",     "R",        "y",         "n",      ":",    "su\r",
	"/",       "kind:", "?",      "q",       "\t",       UP,          DOWN,     RIGHT,  LEFT,
	PAGE_DOWN, PAGE_UP, "j",      "k",       "J",        "K",         "G",      "S",    "\177",
	"\005",    "\006",  "\002",   CTRL_U,    "\f",       "t",         "w",      "m",    "p",
	"t",       "\t",    "g",      " ",       "n",        " ",         "日",     "é",    "H",
	"\a",      "\030",  "redo\r", "due 0\r", "flag 3\r", "deck:wide", "bury\r", "\023", "\024",
	"\017",    "\020",  "\021",   "20 1",
};
#define GATEWAY "gateway run partners.yaml chat.yaml --port 0"

static const struct {
	const char *args, *keys;
} starts[] = {
	{"review", ""},      {"review", ""}, {"", ""},           {"", "e\r"},        {"", "e\rg"},
	{"", "q"},           {"", "d"},      {"", "ta"},         {"", "tw"},         {"", "l\r\r"},
	{"", "l" DOWN "\r"}, {GATEWAY, ""},  {GATEWAY, "c\023"}, {GATEWAY, "w\023"},
};

static const struct {
	int rows, cols;
} sizes[] = {{24, 80}, {18, 60}, {12, 40}, {8, 30}, {50, 200}, {1, 1}, {3, 5}, {15, 49}};

/* xorshift: the same on every machine. */
static unsigned below(uint64_t *x, size_t n)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return (unsigned)(*x % n);
}

/* The program may end by one of the keys, in good order. */
static bool has_ended(struct term *t, const char *typed)
{
	if (term_stays(t))
		return false;
	int code = term_finish(t);
	if (code != 0 && code != 3)
		fail_msg("exit code %d after the keys %s\n%s", code, typed, term_screen(t));
	term_free(t);
	return true;
}

static void press_at_random(const struct home *h, uint64_t seed)
{
	char typed[KEYS * 16] = "";
	struct term *t = NULL;
	for (int i = 0; i < KEYS; i++) {
		if (!t) {
			size_t k = below(&seed, ARRAY_LEN(starts));
			t = home_start(h, starts[k].args);
			term_send(t, starts[k].keys);
			typed[0] = '\0';
		}
		if (below(&seed, 30) == 0) {
			size_t k = below(&seed, ARRAY_LEN(sizes));
			term_resize(t, sizes[k].rows, sizes[k].cols);
		}
		const char *key = keys[below(&seed, ARRAY_LEN(keys))];
		size_t n = strlen(typed);
		snprintf(typed + n, sizeof(typed) - n, "%s|", key);
		if (has_ended(t, typed))
			t = NULL;
		else
			term_send(t, key);
	}
	if (!t || has_ended(t, typed))
		return;
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void random_keys_do_no_harm(void **state)
{
	static const char *const env[] = {"EDITOR=:", NULL};
	struct home *h = *state;
	const char *out;
	h->env = env;
	home_share(h);
	home_api(h, "partners");
	home_api(h, "chat");
	home_deck(h, "wide");
	home_deck(h, "long");
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		press_at_random(h, seed * 7919);
	assert_int_equal(home_run(h, "doctor --rebuild", "", &out), 0);
	if (!strstr(out, " 0 were not what the log says"))
		fail_msg("%s", out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(random_keys_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
