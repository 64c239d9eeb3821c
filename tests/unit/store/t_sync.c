/* t_sync.c -- deck files and the store: what happens to history when cards are reworded, removed,
 * moved, renamed. */
#include "support.h"

static const char two[] = DECK("a") CARD("one", "First", "1") CARD("two", "Second", "2");

static bool is(struct store_sync r, struct store_sync want)
{
	return memcmp(&r, &want, sizeof(r)) == 0;
}

static bool noted(struct fixture *f, const char *code, const char *text)
{
	for (size_t i = 0; i < f->d.count; i++)
		if (!strcmp(f->d.items[i].code, code) && strstr(f->d.items[i].text, text))
			return true;
	return false;
}

static void test_first(void **state)
{
	struct fixture *f = *state;
	struct store_file *files;
	size_t n;
	assert_true(
		is(load(f, "/d/a.yaml", two), (struct store_sync){.added = 2, .parts_added = 2}));
	struct store_item item = item_of(f, "a/two");
	assert_string_equal(item.deck, "a");
	assert_string_equal(item.deck_title, "Deck a");
	assert_string_equal(item.card, "two");
	assert_string_equal(item.part, "");
	assert_string_equal(item.title, "Second");
	assert_string_equal(item.file, "/d/a.yaml");
	assert_int_equal(item.line, 6);
	assert_int_equal(item.kind, CARD_BASIC);
	assert_false(item.set_aside);
	assert_true(item.fuzz_seed == hash_text("a/two"));
	assert_int_equal(item.state.state, SRS_NEW);
	struct deck back;
	must(f, deck_read_card(&back, item.body, strlen(item.body), &f->d));
	assert_string_equal(back.cards[0].basic.back, "2");
	deck_clear(&back);
	must(f, store_files(f->s, &f->a, &files, &n, &f->d));
	assert_int_equal(n, 1);
	assert_string_equal(files[0].deck, "a");
	assert_true(files[0].hash == hash_text(two));
	assert_false(files[0].bad);
	struct store_item row;
	must(f, store_row(f->s, item.part_id, &f->a, &row, &f->d));
	assert_null(row.body);
	assert_string_equal(row.title, "Second");
	must_fail(f, store_item(f->s, 999, &f->a, &row, &f->d), "store-no-card");
	assert_sound(f);
}

static void test_same_again(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/one", 3, DAY0);
	char *before = picture(f, f->s);
	assert_true(is(load(f, "/a.yaml", two), (struct store_sync){0}));
	char *after = picture(f, f->s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_sound(f);
}

static void test_reworded(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/one", 3, DAY0);
	int64_t id = part_of(f, "a/one");
	assert_true(is(load(f, "/a.yaml",
			    DECK("a") CARD("one", "Other words", "1") CARD("two", "Second", "2")),
		       (struct store_sync){.changed = 1}));
	assert_int_equal(part_of(f, "a/one"), id);
	assert_string_equal(item_of(f, "a/one").title, "Other words");
	assert_int_equal(item_of(f, "a/one").state.reps, 1);
	assert_sound(f);
}

/* New order and new lines: nothing is said, places follow. */
static void test_reordered(void **state)
{
	struct fixture *f = *state;
	struct store_wanted w = {.today = DAY0, .everything = true};
	struct str order = {0};
	load(f, "/a.yaml", two);
	int64_t one = part_of(f, "a/one");
	assert_true(is(load(f, "/a.yaml",
			    DECK("a") CARD("zero", "Zeroth", "0") CARD("two", "Second", "2")
				    CARD("one", "First", "1")),
		       (struct store_sync){.added = 1, .parts_added = 1}));
	assert_int_equal(item_of(f, "a/one").line, 7);
	must(f, store_candidates(f->s, &w, add_row, &order, &f->d));
	/* "part/card@position " each: the last of three. */
	str_truncate(&order, order.len - 1);
	assert_int_equal(atoll(strrchr(order.p, ' ') + 1), one);
	str_clear(&order);
	assert_sound(f);
}

static void test_removed_and_back(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/two", 3, DAY0);
	int64_t id = part_of(f, "a/two");
	assert_true(is(load(f, "/a.yaml", DECK("a") CARD("one", "First", "1")),
		       (struct store_sync){.removed = 1, .parts_removed = 1}));
	assert_true(item_of(f, "a/two").set_aside);
	assert_sound(f);
	assert_true(is(load(f, "/a.yaml", DECK("a") CARD("one", "First", "1")),
		       (struct store_sync){0}));
	assert_true(
		is(load(f, "/a.yaml", two), (struct store_sync){.returned = 1, .parts_added = 1}));
	assert_int_equal(part_of(f, "a/two"), id);
	assert_int_equal(item_of(f, "a/two").state.reps, 1);
	assert_false(item_of(f, "a/two").set_aside);
	assert_sound(f);
}

static void test_file_gone(void **state)
{
	struct fixture *f = *state;
	struct store_sync r;
	load(f, "/a.yaml", two);
	answer(f, "a/one", 4, DAY0);
	must(f, store_file_gone(f->s, "/a.yaml", &r, &f->d));
	assert_true(is(r, (struct store_sync){.removed = 2, .parts_removed = 2}));
	must(f, store_file_gone(f->s, "/never.yaml", &r, &f->d));
	assert_true(is(r, (struct store_sync){0}));
	assert_true(is(load(f, "/b/a.yaml", two),
		       (struct store_sync){.returned = 2, .parts_added = 2}));
	assert_string_equal(item_of(f, "a/one").file, "/b/a.yaml");
	assert_int_equal(item_of(f, "a/one").state.reps, 1);
	assert_sound(f);
}

/* A card cut from one file and pasted into another; first: the file that is read first. */
static void move(struct fixture *f, bool from_first, bool one_batch)
{
	static const char from[] = DECK("a") CARD("one", "First", "1");
	static const char to[] =
		DECK("b") CARD("three", "Third", "3") CARD("two", "Second", "2, and more");
	struct store_sync x, y;
	load(f, "/a.yaml", two);
	load(f, "/b.yaml", DECK("b") CARD("three", "Third", "3"));
	answer(f, "a/two", 3, DAY0);
	int64_t id = part_of(f, "a/two");
	uint64_t seed = item_of(f, "a/two").fuzz_seed;
	if (one_batch)
		must(f, store_begin(f->s, &f->d));
	x = load(f, from_first ? "/a.yaml" : "/b.yaml", from_first ? from : to);
	y = load(f, from_first ? "/b.yaml" : "/a.yaml", from_first ? to : from);
	if (one_batch)
		must(f, store_commit(f->s, &f->d));
	assert_int_equal(x.moved + y.moved, 1);
	assert_int_equal(x.removed + y.removed, from_first);
	assert_int_equal(part_of(f, "b/two"), id);
	assert_int_equal(part_of(f, "a/two"), 0);
	struct store_item item = item_of(f, "b/two");
	assert_int_equal(item.state.reps, 1);
	assert_true(item.fuzz_seed == seed);
	assert_string_equal(item.file, "/b.yaml");
	assert_non_null(strstr(item.body, "and more"));
	assert_false(item.set_aside);
	assert_sound(f);
	/* And once more: nothing left to do. */
	assert_true(is(load(f, "/a.yaml", from), (struct store_sync){0}));
	assert_true(is(load(f, "/b.yaml", to), (struct store_sync){0}));
}

static void test_moved(void **state)
{
	move(*state, true, false);
}

static void test_moved_batch(void **state)
{
	move(*state, true, true);
}

static void test_moved_other_order(void **state)
{
	move(*state, false, false);
}

static void test_moved_other_order_batch(void **state)
{
	move(*state, false, true);
}

/* The same id long after, with other text, is another card. */
static void test_not_moved(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/two", 3, DAY0);
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1"));
	load(f, "/c.yaml", DECK("c") CARD("x", "X", "1"));
	load(f, "/c.yaml", DECK("c") CARD("x", "X", "2"));
	struct store_sync r = load(f, "/b.yaml", DECK("b") CARD("two", "Something else", "2"));
	assert_int_equal(r.added, 1);
	assert_int_equal(r.moved, 0);
	assert_int_equal(item_of(f, "b/two").state.reps, 0);
	assert_true(item_of(f, "a/two").set_aside);
}

static void test_deck_renamed(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/one", 3, DAY0);
	int64_t id = part_of(f, "a/one");
	struct store_sync r =
		load(f, "/a.yaml", DECK("z") CARD("one", "First", "1") CARD("two", "Second", "2"));
	assert_int_equal(r.moved, 2);
	assert_int_equal(part_of(f, "z/one"), id);
	assert_int_equal(item_of(f, "z/one").state.reps, 1);
	assert_sound(f);
}

static void test_was(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/two", 3, DAY0);
	int64_t id = part_of(f, "a/two");
	static const char renamed[] = DECK("a")
		CARD("one", "First",
		     "1") "- {id: zwei, was: two, kind: basic, front: Second, back: \"2\"}\n";
	assert_true(is(load(f, "/a.yaml", renamed), (struct store_sync){.renamed = 1}));
	assert_int_equal(part_of(f, "a/zwei"), id);
	assert_int_equal(part_of(f, "a/two"), 0);
	assert_true(is(load(f, "/a.yaml", renamed), (struct store_sync){0}));
	/* To another deck, by its full name. */
	struct store_sync r = load(
		f, "/b.yaml",
		DECK("b") "- {id: deux, was: a/zwei, kind: basic, front: Second, back: \"2\"}\n");
	assert_true(is(r, (struct store_sync){.renamed = 1}));
	assert_int_equal(part_of(f, "b/deux"), id);
	assert_int_equal(item_of(f, "b/deux").state.reps, 1);
	/* A name that is still in use is not taken away. */
	r = load(f, "/a.yaml",
		 DECK("a")
			 CARD("one", "First",
			      "1") "- {id: uno, was: one, kind: basic, front: Uno, back: \"1\"}\n");
	assert_true(is(r, (struct store_sync){.added = 1, .parts_added = 1}));
	assert_sound(f);
}

/* Renamed first, `was:` written after the note. */
static void test_was_later(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/two", 3, DAY0);
	int64_t id = part_of(f, "a/two");
	struct store_sync r =
		load(f, "/a.yaml", DECK("a") CARD("one", "First", "1") CARD("zwei", "Second", "2"));
	assert_true(is(r, (struct store_sync){
				  .added = 1, .removed = 1, .parts_added = 1, .parts_removed = 1}));
	assert_true(noted(f, "store-maybe-renamed", "a/two"));
	assert_true(noted(f, "store-maybe-renamed", "was: two"));
	r = load(f, "/a.yaml",
		 DECK("a") CARD(
			 "one", "First",
			 "1") "- {id: zwei, was: two, kind: basic, front: Second, back: \"2\"}\n");
	assert_int_equal(r.renamed, 1);
	assert_int_equal(part_of(f, "a/zwei"), id);
	assert_int_equal(history_count(f, "a/zwei"), 1);
	assert_sound(f);
}

/* Both were studied: two histories cannot become one. */
static void test_was_too_late(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	answer(f, "a/two", 3, DAY0);
	load(f, "/a.yaml", DECK("a") CARD("one", "First", "1") CARD("zwei", "Second", "2"));
	answer(f, "a/zwei", 1, DAY0);
	struct store_sync r = load(
		f, "/a.yaml",
		DECK("a") CARD(
			"one", "First",
			"1") "- {id: zwei, was: two, kind: basic, front: Second, back: \"2\"}\n");
	assert_int_equal(r.renamed, 0);
	assert_true(noted(f, "store-both-studied", "zwei"));
	assert_int_equal(history_count(f, "a/zwei"), 1);
	assert_true(item_of(f, "a/two").set_aside);
	assert_sound(f);
}

static void test_parts(void **state)
{
	struct fixture *f = *state;
	int64_t *ids;
	size_t n;
	assert_int_equal(
		load(f, "/a.yaml",
		     DECK("a") "- {id: c, kind: cloze, text: \"{{c1::A}} and {{c2::B}}\"}\n")
			.parts_added,
		2);
	int64_t second = part_of(f, "a/c#c2");
	assert_int_equal(part_of(f, "a/c"), part_of(f, "a/c#c1"));
	assert_int_equal(part_of(f, "a/c#c3"), 0);
	assert_int_equal(part_of(f, "a/nothing"), 0);
	assert_int_equal(part_of(f, "nothing"), 0);
	assert_int_equal(part_of(f, "x#a/c"), 0);
	assert_true(item_of(f, "a/c#c2").fuzz_seed == hash_text("a/c#c2"));
	answer(f, "a/c#c2", 3, DAY0);
	struct store_sync r =
		load(f, "/a.yaml", DECK("a") "- {id: c, kind: cloze, text: \"{{c1::A}} and B\"}\n");
	assert_true(is(r, (struct store_sync){.changed = 1, .parts_removed = 1}));
	must(f, store_parts_of(f->s, item_of(f, "a/c").card_id, &f->a, &ids, &n, &f->d));
	assert_int_equal(n, 1);
	assert_true(item_of(f, "a/c#c2").set_aside);
	assert_sound(f);
	r = load(f, "/a.yaml",
		 DECK("a") "- {id: c, kind: cloze, text: \"{{c1::A}} and {{c2::B}} and "
			   "{{c3::C}}\"}\n");
	assert_true(is(r, (struct store_sync){.changed = 1, .parts_added = 2}));
	assert_int_equal(part_of(f, "a/c#c2"), second);
	assert_int_equal(item_of(f, "a/c#c2").state.reps, 1);
	must(f, store_parts_of(f->s, item_of(f, "a/c").card_id, &f->a, &ids, &n, &f->d));
	assert_int_equal(n, 3);
	assert_int_equal(ids[1], second);
	assert_sound(f);
}

static void test_deck_twice(void **state)
{
	struct fixture *f = *state;
	struct store_sync r;
	load(f, "/a.yaml", two);
	char *before = picture(f, f->s);
	bool ok = sync_text(f, "/copy.yaml", two, &r);
	assert_int_equal(f->d.items[0].pos.line, 1);
	assert_string_equal(f->d.items[0].pos.file, "/copy.yaml");
	assert_non_null(strstr(f->d.items[0].text, "/a.yaml"));
	must_fail(f, ok, "store-deck-twice");
	char *after = picture(f, f->s);
	assert_string_equal(before, after);
	/* In a batch, what came before it stays. */
	must(f, store_begin(f->s, &f->d));
	load(f, "/b.yaml", DECK("b") CARD("x", "X", "1"));
	must_fail(f, sync_text(f, "/copy.yaml", two, &r), "store-deck-twice");
	load(f, "/c.yaml", DECK("c") CARD("x", "X", "1"));
	must(f, store_commit(f->s, &f->d));
	assert_true(part_of(f, "b/x") && part_of(f, "c/x"));
	free(before);
	free(after);
	assert_sound(f);
}

static void test_file_seen(void **state)
{
	struct fixture *f = *state;
	struct store_file *files;
	size_t n;
	load(f, "/a.yaml", two);
	struct store_file bad = {.path = "/a.yaml",
				 .mtime_ns = 5,
				 .size = 6,
				 .hash = UINT64_MAX,
				 .deck = "",
				 .bad = true};
	must(f, store_file_seen(f->s, &bad, &f->d));
	must(f, store_files(f->s, &f->a, &files, &n, &f->d));
	assert_int_equal(n, 1);
	assert_true(files[0].bad && files[0].hash == UINT64_MAX && files[0].mtime_ns == 5 &&
		    files[0].size == 6);
	assert_string_equal(files[0].deck, "a");
	assert_true(part_of(f, "a/one") > 0 && !item_of(f, "a/one").set_aside);
	load(f, "/a.yaml", two);
	must(f, store_files(f->s, &f->a, &files, &n, &f->d));
	assert_false(files[0].bad);
}

static void test_rollback(void **state)
{
	struct fixture *f = *state;
	load(f, "/a.yaml", two);
	char *before = picture(f, f->s);
	must(f, store_begin(f->s, &f->d));
	load(f, "/b.yaml", DECK("b") CARD("x", "X", "1"));
	load(f, "/a.yaml", DECK("a") CARD("one", "No", "1"));
	store_rollback(f->s);
	char *after = picture(f, f->s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	/* Closing in the middle is the same. */
	must(f, store_begin(f->s, &f->d));
	load(f, "/b.yaml", DECK("b") CARD("x", "X", "1"));
	reopen(f);
	assert_int_equal(part_of(f, "b/x"), 0);
	assert_sound(f);
}

/* Random edits of two decks: whatever happens, ids once answered keep their history and the store
 * stays sound. */
static void test_random_edits(void **state)
{
	struct fixture *f = *state;
	struct rng r = {11};
	struct str text = {0};
	int answers = 0;
	for (int round = 0; round < 60; round++) {
		uint32_t which = rng_below(&r, 2), first = rng_below(&r, 8), n = rng_below(&r, 12);
		str_reset(&text);
		str_addf(&text, "deck: %s\ntitle: T\nformat: \"1\"\ncards:\n", which ? "b" : "a");
		str_addf(&text, "- {id: always, kind: basic, front: Always, back: x}\n");
		for (uint32_t i = 0; i < n; i++)
			str_addf(&text, "- {id: k%u, kind: cloze, text: \"t%u %s {{c1::x}}%s\"}\n",
				 first + i, rng_below(&r, 3), which ? "b" : "a",
				 rng_below(&r, 2) ? " {{c2::y}}" : "");
		load(f, which ? "/b.yaml" : "/a.yaml", str_c(&text));
		struct store_wanted w = {.today = DAY0, .everything = true};
		struct str seen = {0};
		must(f, store_candidates(f->s, &w, add_row, &seen, &f->d));
		int64_t part = atoll(str_c(&seen));
		str_clear(&seen);
		must(f, log_event(f, part, SRS_OP_ANSWER, 1 + (int)rng_below(&r, 4),
				  NOON(DAY0 + round), NULL));
		answers++;
		assert_sound(f);
	}
	struct store_log_row *rows;
	size_t count;
	must(f, store_history(f->s, 0, 1000, &f->a, &rows, &count, &f->d));
	assert_int_equal(count, answers);
	str_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reworded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reordered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_removed_and_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_file_gone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_moved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_moved_batch, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_moved_other_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_moved_other_order_batch, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_moved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deck_renamed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_was_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_was_too_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_parts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deck_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_file_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rollback, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_random_edits, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("store/sync", tests, NULL, NULL);
}
