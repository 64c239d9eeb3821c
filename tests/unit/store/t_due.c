/* t_due.c -- what to study: candidates, decks with their counts, days, forecast. */
#include "support.h"

static const char deck_a[] = DECK("a") CARD(
	"one", "First",
	"1") "- {id: c, kind: cloze, tags: [t], text: \"{{c1::x}} {{c2::y}}\"}\n" CARD("two",
										       "Second",
										       "2");
static const char deck_b[] = DECK("b") CARD("one", "Other", "1");

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/b.yaml", deck_b);
	load(*state, "/a.yaml", deck_a);
	return 0;
}

struct list {
	struct fixture *f;
	struct str text;
	int stop_after;
	struct store_candidate last;
};

static bool add(void *ctx, const struct store_candidate *c)
{
	struct list *l = ctx;
	struct store_item item;
	must(l->f, store_row(l->f->s, c->part_id, &l->f->a, &item, &l->f->d));
	str_addf(&l->text, "%s%s/%s%s%s", l->text.len ? " " : "", item.deck, item.card,
		 item.part[0] ? "#" : "", item.part);
	assert_int_equal(item.card_id, c->card_id);
	assert_int_equal(item.state.state, c->state.state);
	assert_int_equal(item.state.by_day, c->state.by_day);
	if (item.state.by_day)
		assert_int_equal(item.state.due_day, c->state.due_day);
	if (item.state.state != SRS_NEW && !item.state.by_day)
		assert_int_equal(item.state.due_ms, c->state.due_ms);
	assert_int_equal(item.state.last_ms, c->state.last_ms);
	assert_int_equal(item.state.last_day, c->state.last_day);
	assert_int_equal(item.state.interval_d, c->state.interval_d);
	assert_true(item.state.stability_d == c->state.stability_d &&
		    item.state.difficulty == c->state.difficulty);
	l->last = *c;
	return --l->stop_after != 0;
}

static char *wanted(struct fixture *f, struct store_wanted w, int stop_after)
{
	struct list l = {.f = f, .stop_after = stop_after};
	must(f, store_candidates(f->s, &w, add, &l, &f->d));
	char *text = arena_strdup(&f->a, str_c(&l.text));
	str_clear(&l.text);
	return text;
}

#define TODAY .today = DAY0, .until_day = DAY0
#define WANT(text, ...) \
	assert_string_equal(wanted(f, (struct store_wanted){TODAY, __VA_ARGS__}, 0), text)

static void test_new(void **state)
{
	struct fixture *f = *state;
	WANT("b/one a/one a/c#c1 a/c#c2 a/two", .new_max = 10);
	WANT("b/one a/one", .new_max = 2);
	WANT("b/one a/one a/c#c1 a/c#c2", .new_max = 3);
	WANT("", .new_max = 0);
	WANT("b/one a/one a/c#c1 a/c#c2 a/two", .new_max = -1);
	struct idset only = {0};
	idset_add(&only, part_of(f, "a/two"));
	idset_add(&only, part_of(f, "a/c#c2"));
	WANT("a/c#c2", .new_max = 1, .only = &only);
	WANT("a/c#c2 a/two", .everything = true, .only = &only);
	idset_clear(&only);
	assert_string_equal(wanted(f, (struct store_wanted){TODAY, .everything = true}, 2),
			    "b/one a/one");
	must(f, log_event(f, part_of(f, "b/one"), SRS_OP_BURY, 0, NOON(DAY0), NULL));
	must(f, log_event(f, part_of(f, "a/one"), SRS_OP_SUSPEND, 0, NOON(DAY0), NULL));
	WANT("a/c#c1 a/c#c2", .new_max = 1);
	WANT("a/c#c1 a/c#c2 a/two", .everything = true);
	struct store_wanted tomorrow = {.today = DAY0 + 1, .everything = true};
	assert_string_equal(wanted(f, tomorrow, 0), "b/one a/c#c1 a/c#c2 a/two");
}

static void test_due(void **state)
{
	struct fixture *f = *state;
	answer(f, "a/one", 4, DAY0 - 100);
	answer(f, "a/two", 4, DAY0);
	answer(f, "a/c#c1", 3, DAY0);
	int until = item_of(f, "a/two").state.due_day;
	WANT("a/c#c1 a/one", .new_max = 0);
	assert_string_equal(wanted(f, (struct store_wanted){.today = DAY0, .until_day = until}, 0),
			    "a/c#c1 a/one a/two");
	assert_string_equal(
		wanted(f, (struct store_wanted){.today = DAY0, .until_day = until - 1}, 0),
		"a/c#c1 a/one");
	WANT("a/c#c1 a/one a/two b/one a/c#c2", .everything = true);
	struct list l = {.f = f};
	struct store_wanted w = {TODAY};
	must(f, store_candidates(f->s, &w, add, &l, &f->d));
	assert_true(l.last.group == hash_text("a"));
	str_clear(&l.text);
	load(f, "/a.yaml", DECK("a") CARD("two", "Second", "2"));
	WANT("", .new_max = 0);
	WANT("a/two b/one", .everything = true);
}

/* A group is the first tag. */
static void test_group(void **state)
{
	struct fixture *f = *state;
	struct list l = {.f = f};
	struct idset only = {0};
	idset_add(&only, part_of(f, "a/c#c1"));
	struct store_wanted w = {TODAY, .everything = true, .only = &only};
	must(f, store_candidates(f->s, &w, add, &l, &f->d));
	assert_true(l.last.group == hash_text("t"));
	assert_true(l.last.position > 0);
	str_clear(&l.text);
	idset_clear(&only);
}

static void test_decks(void **state)
{
	struct fixture *f = *state;
	struct store_deck *decks;
	size_t n;
	answer(f, "a/one", 4, DAY0 - 100);
	answer(f, "a/c#c1", 3, DAY0);
	must(f, log_event(f, part_of(f, "a/two"), SRS_OP_SUSPEND, 0, NOON(DAY0), NULL));
	must(f, log_event(f, part_of(f, "a/two"), SRS_OP_LEECH, 1, NOON(DAY0), NULL));
	must(f, store_decks(f->s, NOON(DAY0), 240, &f->a, &decks, &n, &f->d));
	assert_int_equal(n, 2);
	assert_string_equal(decks[0].slug, "a");
	assert_string_equal(decks[0].title, "Deck a");
	assert_string_equal(decks[0].file, "/a.yaml");
	assert_int_equal(decks[0].cards, 3);
	assert_int_equal(decks[0].parts, 4);
	assert_int_equal(decks[0].fresh, 2);
	assert_int_equal(decks[0].learning, 1);
	assert_int_equal(decks[0].review, 1);
	assert_int_equal(decks[0].due, 1);
	assert_int_equal(decks[0].suspended, 1);
	assert_int_equal(decks[0].leeches, 1);
	assert_int_equal(decks[1].parts, 1);
	/* The step of c1 is over. */
	struct moment later = NOON(DAY0);
	later.ms += 20 * 60000;
	must(f, store_decks(f->s, later, 240, &f->a, &decks, &n, &f->d));
	assert_int_equal(decks[0].due, 2);
	must(f, log_event(f, part_of(f, "a/one"), SRS_OP_BURY, 0, NOON(DAY0), NULL));
	must(f, store_decks(f->s, later, 240, &f->a, &decks, &n, &f->d));
	assert_int_equal(decks[0].due, 1);
	struct store_sync r;
	must(f, store_file_gone(f->s, "/a.yaml", &r, &f->d));
	must(f, store_decks(f->s, later, 240, &f->a, &decks, &n, &f->d));
	assert_int_equal(n, 1);
	assert_string_equal(decks[0].slug, "b");
}

static void test_days(void **state)
{
	struct fixture *f = *state;
	struct store_day_count *days;
	struct store_log_row row;
	size_t n;
	answer(f, "a/one", 4, DAY0 - 100);
	answer(f, "a/two", 1, DAY0 - 100);
	answer(f, "a/one", 3, DAY0 - 60);
	answer(f, "a/one", 1, DAY0);
	answer(f, "a/two", 4, DAY0);
	must(f, store_undo(f->s, NOON(DAY0), 0, &f->a, &row, &f->d));
	must(f, log_event(f, part_of(f, "a/two"), SRS_OP_CRAM, 4, NOON(DAY0), NULL));
	must(f, store_days(f->s, DAY0 - 200, DAY0, NULL, &f->a, &days, &n, &f->d));
	assert_int_equal(n, 3);
	assert_int_equal(days[0].day, DAY0 - 100);
	assert_int_equal(days[0].answers, 2);
	assert_int_equal(days[0].right, 1);
	assert_int_equal(days[0].mature, 0);
	assert_int_equal(days[0].took_ms, 3000);
	assert_int_equal(days[1].day, DAY0 - 60);
	assert_int_equal(days[2].answers, 1);
	assert_int_equal(days[2].right, 0);
	assert_int_equal(days[2].mature, 1); /* its interval had grown beyond 21 days */
	assert_int_equal(days[2].mature_right, 0);
	struct idset only = {0};
	idset_add(&only, part_of(f, "a/two"));
	must(f, store_days(f->s, DAY0 - 200, DAY0, &only, &f->a, &days, &n, &f->d));
	assert_int_equal(n, 1);
	idset_clear(&only);
	must(f, store_days(f->s, DAY0 - 99, DAY0 - 61, NULL, &f->a, &days, &n, &f->d));
	assert_int_equal(n, 0);
}

static void test_forecast(void **state)
{
	struct fixture *f = *state;
	int due[30];
	answer(f, "a/one", 4, DAY0 - 100);
	answer(f, "a/two", 4, DAY0);
	answer(f, "a/c#c1", 3, DAY0);
	int in = item_of(f, "a/two").state.due_day - DAY0;
	assert_true(in > 0 && in < 30);
	must(f, store_forecast(f->s, DAY0, 30, NULL, due, &f->d));
	for (int i = 0; i < 30; i++)
		assert_int_equal(due[i], i == 0 || i == in);
	must(f, store_forecast(f->s, DAY0, in, NULL, due, &f->d));
	assert_int_equal(due[0], 1);
	struct idset none = {0};
	must(f, store_forecast(f->s, DAY0, 30, &none, due, &f->d));
	assert_int_equal(due[0] + due[in], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_due, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_group, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_decks, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_days, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_forecast, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests_name("store/due", tests, NULL, NULL);
}
