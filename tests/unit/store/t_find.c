/* t_find.c -- every leaf of a search, and what is typed into one. */
#include "support.h"

#include "base/regex.h"

static const char first[] = "deck: rest-api\ntitle: REST\nformat: \"1\"\ntags: [rest, "
			    "limits]\nexam: {dva-c02: \"1.1\"}\ncards:\n"
			    "- {id: idle, kind: basic, front: \"How long is the *idle* timeout?\", "
			    "back: \"29 seconds -> then 504\"}\n"
			    "- {id: idle-ws, kind: reversed, tags: [websocket], front: \"WebSocket "
			    "\\\"idle\\\" time\", back: Zehn Minuten für Größe}\n"
			    "- {id: map, kind: cloze, tags: [mapping], exam: {dva-c02: [\"2.1\", "
			    "\"12.3\"]}, text: \"{{c1::$context}} and {{c2::日本語}} Été\"}\n";
static const char second[] = "deck: http-api\ntitle: HTTP\nformat: \"1\"\ncards:\n"
			     "- {id: Cheap, kind: truefalse, statement: HTTP APIs are cheaper, "
			     "answer: \"true\", why: They are}\n";

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/rest.yaml", first);
	char *text = xstrdup(second);
	memcpy(strstr(text, "Cheap"), "cheap", 5);
	load(*state, "/http.yaml", text);
	free(text);
	return 0;
}

/* The keys of what a leaf finds, in order of ids: "rest-api/idle ...". */
static char *found(struct fixture *f, struct store_leaf leaf)
{
	struct idset ids = {0};
	struct srs_preset p;
	struct str out = {0};
	srs_preset_default(&p);
	must(f, store_leaf(f->s, &leaf, NOON(DAY0), &p, &ids, &f->d));
	for (int64_t id = idset_next(&ids, 0); id; id = idset_next(&ids, id)) {
		struct store_item item;
		must(f, store_row(f->s, id, &f->a, &item, &f->d));
		str_addf(&out, "%s%s%s%s", out.len ? " " : "", item.card, item.part[0] ? "#" : "",
			 item.part);
	}
	idset_clear(&ids);
	char *text = arena_strdup(&f->a, str_c(&out));
	str_clear(&out);
	return text;
}

#define WORDS(typed, want) \
	assert_string_equal(found(f, (struct store_leaf){.kind = LEAF_WORDS, .text = typed}), want)
#define TEXT(k, typed, want) \
	assert_string_equal(found(f, (struct store_leaf){.kind = k, .text = typed}), want)
#define NUMBER(k, n, want) \
	assert_string_equal(found(f, (struct store_leaf){.kind = k, .number = n}), want)
#define RANGE(k, from, to, want) \
	assert_string_equal(found(f, (struct store_leaf){.kind = k, .lo = from, .hi = to}), want)

static const char everything[] = "idle idle-ws idle-ws#reverse map#c1 map#c2 cheap";

static void test_words(void **state)
{
	struct fixture *f = *state;
	WORDS("idle", "idle idle-ws idle-ws#reverse");
	WORDS("IDL", "idle idle-ws idle-ws#reverse");
	WORDS("i", "idle idle-ws idle-ws#reverse");
	WORDS("idle timeout", "idle");
	WORDS("idle time", "idle idle-ws idle-ws#reverse");
	WORDS("timeout idle", "");
	WORDS("dle", "");
	WORDS("grosse", "");
	WORDS("große", "idle-ws idle-ws#reverse"); /* accents do not count */
	WORDS("größe", "idle-ws idle-ws#reverse");
	WORDS("GRÖ", "idle-ws idle-ws#reverse");
	WORDS("fur", "idle-ws idle-ws#reverse");
	WORDS("ete", "map#c1 map#c2");
	WORDS("日本", "map#c1 map#c2");
	WORDS("$context", "map#c1 map#c2");
	WORDS("why", "");
}

/* Nothing typed means anything to the index's own query language, and nothing is an error. */
static void test_words_odd(void **state)
{
	struct fixture *f = *state;
	static const char *const odd[] = {"\"",        "\"\"",   "a\"b",  "\"idle\"", "*",
					  "**",        "idle*",  "AND",   "NOT x",    "idle OR x",
					  "NEAR(a b)", "(",      ")",     "^",        "words:idle",
					  "-",         "- idle", "{a b}", ":",        "+",
					  "\xff\xfe",  "'",      ";--",   "\n"};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		found(f, (struct store_leaf){.kind = LEAF_WORDS, .text = odd[i]});
	WORDS("\"idle\"", "idle idle-ws idle-ws#reverse");
	WORDS("idle*", "idle idle-ws idle-ws#reverse");
	WORDS("idle OR cheaper", "");
	WORDS("->", "idle");
	WORDS("$", "map#c1 map#c2");
	WORDS("%", "");
	WORDS("_", "");
}

static void test_changes_are_seen(void **state)
{
	struct fixture *f = *state;
	struct store *other;
	WORDS("cheaper", "cheap");
	load(f, "/http.yaml",
	     "deck: http-api\ntitle: HTTP\nformat: \"1\"\ncards:\n"
	     "- {id: cheap, kind: basic, front: Which costs less?, back: HTTP}\n" CARD(
		     "new", "Fresh", "1"));
	WORDS("cheaper", "");
	WORDS("costs", "cheap");
	WORDS("fresh", "new");
	TEXT(LEAF_DECK, "http-api", "cheap new");
	load(f, "/http.yaml",
	     "deck: http-api\ntitle: HTTP\nformat: \"1\"\ncards: ["
	     "{id: x, kind: basic, front: Q, back: A}]\n");
	WORDS("costs", "");
	TEXT(LEAF_DECK, "http-api", "x");
	NUMBER(LEAF_SET_ASIDE, 0, "cheap new");
	/* By another program too. */
	struct store *ours = f->s;
	must(f, store_open(&other, f->path, STORE_WRITE, &f->d));
	f->s = other;
	load(f, "/third.yaml", DECK("third") CARD("t", "Fresh again", "1"));
	f->s = ours;
	store_close(other);
	WORDS("fresh", "t");
	TEXT(LEAF_DECK, "third", "t");
	assert_sound(f);
}

static void test_names(void **state)
{
	struct fixture *f = *state;
	const char **tags;
	size_t n;
	TEXT(LEAF_ALL, NULL, everything);
	TEXT(LEAF_TAG, "rest", "idle idle-ws idle-ws#reverse map#c1 map#c2");
	TEXT(LEAF_TAG, "web*", "idle-ws idle-ws#reverse");
	TEXT(LEAF_TAG, "Mapping", "map#c1 map#c2");
	TEXT(LEAF_TAG, "web", "");
	TEXT(LEAF_TAG, "*", "idle idle-ws idle-ws#reverse map#c1 map#c2");
	TEXT(LEAF_DECK, "http-api", "cheap");
	TEXT(LEAF_DECK, "h*", "cheap");
	TEXT(LEAF_DECK, "api", "");
	TEXT(LEAF_ID, "idle", "idle");
	TEXT(LEAF_ID, "IDLE*", "idle idle-ws idle-ws#reverse");
	TEXT(LEAF_ID, "*", everything);
	TEXT(LEAF_ID, "", "");
	TEXT(LEAF_TASK, "1.1", "idle idle-ws idle-ws#reverse");
	TEXT(LEAF_TASK, "2.1", "map#c1 map#c2");
	TEXT(LEAF_TASK, "2.", "map#c1 map#c2");
	TEXT(LEAF_TASK, "1.", "idle idle-ws idle-ws#reverse");
	TEXT(LEAF_TASK, "12.3", "map#c1 map#c2");
	TEXT(LEAF_TASK, "3.", "");
	NUMBER(LEAF_KIND, CARD_CLOZE, "map#c1 map#c2");
	NUMBER(LEAF_KIND, CARD_TRUEFALSE, "cheap");
	NUMBER(LEAF_KIND, CARD_TYPED, "");
	must(f, store_tags(f->s, &f->a, &tags, &n, &f->d));
	assert_int_equal(n, 4);
	assert_string_equal(tags[0], "limits");
	assert_string_equal(tags[3], "websocket");
}

static void test_regex(void **state)
{
	struct fixture *f = *state;
	struct regex *re = regex_new("time(out)?\\b", REGEX_CASELESS, (struct pos){0}, &f->d);
	assert_string_equal(found(f, (struct store_leaf){.kind = LEAF_REGEX, .regex = re}),
			    "idle idle-ws idle-ws#reverse");
	regex_free(re);
}

static void test_states(void **state)
{
	struct fixture *f = *state;
	int64_t cheap = part_of(f, "http-api/cheap"), map = part_of(f, "rest-api/map#c1"),
		idle = part_of(f, "rest-api/idle");
	NUMBER(LEAF_STATE, SRS_NEW, everything);
	NUMBER(LEAF_DUE, 0, "");
	answer(f, "http-api/cheap", 4, DAY0 - 40);
	answer(f, "rest-api/map#c1", 1, DAY0);
	must(f, log_event(f, idle, SRS_OP_SUSPEND, 0, NOON(DAY0), NULL));
	must(f, log_event(f, idle, SRS_OP_FLAG, 3, NOON(DAY0), NULL));
	must(f, log_event(f, map, SRS_OP_LEECH, 1, NOON(DAY0), NULL));
	NUMBER(LEAF_STATE, SRS_NEW, "idle idle-ws idle-ws#reverse map#c2");
	NUMBER(LEAF_STATE, SRS_REVIEW, "cheap");
	NUMBER(LEAF_STATE, SRS_LEARN, "map#c1");
	NUMBER(LEAF_DUE, 0, "cheap");
	NUMBER(LEAF_SUSPENDED, 0, "idle");
	NUMBER(LEAF_LEECH, 0, "map#c1");
	RANGE(LEAF_FLAG, 1, 7, "idle");
	RANGE(LEAF_FLAG, 0, 0, "idle-ws idle-ws#reverse map#c1 map#c2 cheap");
	RANGE(LEAF_REPS, 1, 1e15, "map#c1 cheap");
	RANGE(LEAF_LAPSES, 0, 0, everything);
	RANGE(LEAF_LAPSES, 1, 9, "");
	RANGE(LEAF_INTERVAL, 5, 1e15, "cheap");
	RANGE(LEAF_DUE_IN, -1e15, -1, "cheap");
	RANGE(LEAF_DUE_IN, 0, 0, "map#c1");
	RANGE(LEAF_STABILITY, 1, 100, "cheap");
	RANGE(LEAF_STABILITY, -1e15, 1, "map#c1");
	RANGE(LEAF_DIFFICULTY, -1e15, 1e15, "map#c1 cheap");
	RANGE(LEAF_RECALL, 0, 0.9, "cheap");
	RANGE(LEAF_RECALL, 0.95, 1, "map#c1");
	must(f, log_event(f, cheap, SRS_OP_BURY, 0, NOON(DAY0), NULL));
	NUMBER(LEAF_BURIED, 0, "cheap");
	NUMBER(LEAF_DUE, 0, "");
	/* What is set aside is found by nothing else. */
	struct store_sync r;
	must(f, store_file_gone(f->s, "/http.yaml", &r, &f->d));
	NUMBER(LEAF_SET_ASIDE, 0, "cheap");
	NUMBER(LEAF_BURIED, 0, "");
	NUMBER(LEAF_STATE, SRS_REVIEW, "");
	RANGE(LEAF_REPS, 1, 1e15, "map#c1");
	RANGE(LEAF_RECALL, 0, 1, "map#c1");
	WORDS("cheaper", "");
	TEXT(LEAF_ID, "cheap", "");
}

static void test_rated_added(void **state)
{
	struct fixture *f = *state;
	struct store_log_row row;
	answer(f, "http-api/cheap", 4, DAY0 - 6);
	answer(f, "rest-api/map#c1", 1, DAY0);
	answer(f, "rest-api/map#c2", 1, DAY0);
	must(f, store_undo(f->s, NOON(DAY0), 0, &f->a, &row, &f->d));
	assert_string_equal(
		found(f, (struct store_leaf){.kind = LEAF_RATED, .number = 7, .lo = 1, .hi = 4}),
		"map#c1 cheap");
	assert_string_equal(
		found(f, (struct store_leaf){.kind = LEAF_RATED, .number = 6, .lo = 1, .hi = 4}),
		"map#c1");
	assert_string_equal(
		found(f, (struct store_leaf){.kind = LEAF_RATED, .number = 7, .lo = 4, .hi = 4}),
		"cheap");
	NUMBER(LEAF_ADDED, 1, everything);
	NUMBER(LEAF_ADDED, 36500, everything);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_words_odd, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_changes_are_seen, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_regex, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_states, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_rated_added, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests_name("store/find", tests, NULL, NULL);
}
