/* t_sitting.c -- exams in the store: items as they were, events that only grow, the clock, the end
 * as one step, cards that an exam holds, the pool and first tries. */
#include "store/sitting.h"
#include "store/inside.h"
#include "support.h"

static const char cards[] = DECK("a") CARD("one", "First", "1") CARD(
	"two", "Second",
	"2") "- {id: pick, kind: choice, exam: {x: \"2.1\", y: [\"1.1\", \"3.1\"]}, question: Q, "
	     "options: [{text: a, right: true, why: w}, {text: b, why: w}]}\n"
	     "- {id: say, kind: typed, question: Q, accept: [a], show: a}\n";

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/a.yaml", cards);
	return 0;
}

static int64_t add(struct fixture *f, const char *form)
{
	struct store_sitting x = {.form = form,
				  .blueprint = "x",
				  .code = "X",
				  .title = "Exam",
				  .blueprint_json = "{}",
				  .seed = UINT64_MAX,
				  .esl = true,
				  .limit_ms = 5000,
				  .began = NOON(DAY0)};
	struct store_sitting_item items[] = {
		{part_of(f, "a/pick"), "a/pick", "2.1", 1, true, 7, "body one"},
		{part_of(f, "a/say"), "a/say", "1.1", 0, false, UINT64_MAX, "body two"},
	};
	int64_t id;
	must(f, store_sitting_add(f->s, &x, items, 2, &id, &f->d));
	return id;
}

static struct store_sitting get(struct fixture *f, int64_t id)
{
	struct store_sitting out;
	bool found;
	must(f, store_sitting(f->s, id, &f->a, &out, &found, &f->d));
	assert_true(found);
	return out;
}

static void kept_as_it_was(void **state)
{
	struct fixture *f = *state;
	struct store_sitting_item *items;
	size_t n;
	int64_t id = add(f, "x.1.1");
	struct store_sitting s = get(f, id);
	assert_string_equal(s.form, "x.1.1");
	assert_string_equal(s.code, "X");
	assert_true(s.seed == UINT64_MAX && s.esl && s.limit_ms == 5000 && !s.ended_ms);
	assert_true(s.began.ms == NOON(DAY0).ms && s.items == 2);
	must(f, store_sitting_items(f->s, id, &f->a, &items, &n, &f->d));
	assert_int_equal(n, 2);
	assert_string_equal(items[0].key, "a/pick");
	assert_true(items[0].scored && !items[1].scored && items[0].domain == 1);
	assert_true(items[1].hash == UINT64_MAX);
	assert_string_equal(items[1].body, "body two");
	bool found;
	must(f, store_sitting(f->s, id + 1, &f->a, &s, &found, &f->d));
	assert_false(found);
}

static void events_only_grow(void **state)
{
	struct fixture *f = *state;
	struct store_sitting_event *events;
	size_t n;
	int64_t id = add(f, "x.1.1"), other = add(f, "x.1.2");
	for (int i = 0; i < 5; i++) {
		struct store_sitting_event e = {i, 10 * i, 100 * i, 1000 * i};
		must(f, store_sitting_event(f->s, id, &e, i, &f->d));
		must(f, store_sitting_event(f->s, other, &e, 0, &f->d));
	}
	must(f, store_sitting_events(f->s, id, &f->a, &events, &n, &f->d));
	assert_int_equal(n, 5);
	for (int i = 0; i < 5; i++)
		assert_true(events[i].op == i && events[i].arg == 10 * i &&
			    events[i].open_ms == 100 * i && events[i].at_ms == 1000 * i);
	assert_int_equal(get(f, id).answered, 4);
	assert_int_equal(get(f, id).open_ms, 400);
	must_fail(f, db_script(f->s->db, "UPDATE sitting_event SET arg = 1", &f->d),
		  "store-corrupt");
	must_fail(f, db_script(f->s->db, "DELETE FROM sitting_event", &f->d), "store-corrupt");
	must(f, store_sitting_tick(f->s, id, 700, 9000, &f->d));
	assert_int_equal(get(f, id).open_ms, 700);
	assert_int_equal(get(f, id).seen_ms, 9000);
}

static size_t rows_of(struct fixture *f, int64_t part)
{
	struct store_log_row *rows;
	size_t n;
	must(f, store_history(f->s, part, 0, &f->a, &rows, &n, &f->d));
	return n;
}

/* A failure at any step of the end leaves no trace of it. */
static void the_end_is_one_step(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, "x.1.1"), pick = part_of(f, "a/pick");
	struct store_sitting_event e = {11, 0, 900, 9000};
	struct store_sitting end = {.id = id,
				    .open_ms = 900,
				    .ended_ms = NOON(DAY0).ms,
				    .answered = 1,
				    .correct = 1,
				    .scored = 1,
				    .reviews = 1};
	struct store_answer answers[] = {
		{.part_id = pick, .event = {SRS_OP_ANSWER, 3, NOON(DAY0)}, .screen = "exam"},
		{.part_id = part_of(f, "a/say"),
		 .event = {SRS_OP_ANSWER, 1, NOON(DAY0)},
		 .screen = "exam"},
	};
	int failed = 0;
	for (int step = 1;; step++) {
		db_fail_after(f->s->db, step);
		bool ok = store_sitting_end(f->s, &end, &e, answers, 2, f->preset, &f->d);
		db_fail_after(f->s->db, 0);
		if (ok)
			break;
		failed++;
		diags_clear(&f->d);
		assert_int_equal(get(f, id).ended_ms, 0);
		assert_int_equal(rows_of(f, pick), 0);
	}
	assert_true(failed >= 6);
	struct store_sitting s = get(f, id);
	assert_true(s.ended_ms == NOON(DAY0).ms && s.correct == 1 && s.reviews == 1);
	assert_int_equal(rows_of(f, pick), 1);
	must(f, store_check(f->s, &f->d));
}

static void newest_first(void **state)
{
	struct fixture *f = *state;
	struct store_sitting *rows;
	size_t n;
	add(f, "x.1.1");
	add(f, "x.1.2");
	must(f, store_sittings(f->s, &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].form, "x.1.2");
	assert_string_equal(rows[0].blueprint_json, "");
}

#define CHOICE(id, more)                                       \
	"- {id: " id ", " more "kind: choice, question: Q " id \
	", options: [{text: a, right: true, why: w}, {text: b, why: w}]}\n"

/* A card that was never studied is deleted when another takes its id by `was:`; not so one that an
 * exam asks. */
static void a_card_in_an_exam_is_never_deleted(void **state)
{
	struct fixture *f = *state;
	struct store_sync r;
	bool gone;
	uint64_t hash;
	must(f, sync_text(f, "/a.yaml",
			  DECK("a") CHOICE("pick", "") CHOICE("old", "") CHOICE("say", ""), &r));
	answer(f, "a/old", 3, DAY0);
	int64_t pick = part_of(f, "a/pick");
	add(f, "x.1.1");
	must(f, sync_text(f, "/a.yaml", DECK("a") CHOICE("pick", "was: old, "), &r));
	must(f, store_sitting_card(f->s, pick, &gone, &hash, &f->d));
	assert_true(hash != 0);
	must(f, store_check(f->s, &f->d));
	must(f, store_file_gone(f->s, "/a.yaml", &r, &f->d));
	must(f, store_sitting_card(f->s, pick, &gone, &hash, &f->d));
	assert_true(gone && hash != 0);
	must(f, store_sitting_card(f->s, 999, &gone, &hash, &f->d));
	assert_true(gone && hash == 0);
}

static void the_pool(void **state)
{
	struct fixture *f = *state;
	struct store_pool_item *rows;
	size_t n;
	must(f,
	     store_pool(f->s, 1U << CARD_CHOICE | 1U << CARD_TYPED, "y", &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 2);
	bool pick_first = rows[0].kind == CARD_CHOICE;
	assert_string_equal(rows[!pick_first].key, "a/pick");
	assert_string_equal(rows[!pick_first].task, "1.1");
	assert_null(rows[pick_first].task);
	assert_int_equal(rows[0].last_day, SRS_NO_DAY);
	answer(f, "a/pick", 3, DAY0 + 3);
	must(f, store_pool(f->s, 1U << CARD_CHOICE, "x", &f->a, &rows, &n, &f->d));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].task, "2.1");
	assert_int_equal(rows[0].last_day, DAY0 + 3);
	must(f, store_pool(f->s, 1U << CARD_CHOICE, "z", &f->a, &rows, &n, &f->d));
	assert_null(rows[0].task);
}

struct tried {
	int n, right;
	char task[8];
	int32_t day;
};

static void note_try(void *ctx, const struct store_try *t)
{
	struct tried *out = ctx;
	out->n++;
	out->right += t->right;
	out->day = t->day;
	snprintf(out->task, sizeof(out->task), "%s", t->task ? t->task : "");
}

static struct tried tries(struct fixture *f, int32_t from)
{
	struct tried out = {0};
	must(f, store_first_tries(f->s, 1U << CARD_CHOICE, "x", from, INT64_MAX, note_try, &out,
				  &f->d));
	return out;
}

static void first_tries_alone(void **state)
{
	struct fixture *f = *state;
	struct store_log_row row;
	assert_int_equal(tries(f, 0).n, 0);
	answer(f, "a/one", 3, DAY0); /* of another kind */
	answer(f, "a/pick", 1, DAY0);
	answer(f, "a/pick", 3, DAY0 + 1);
	struct tried t = tries(f, 0);
	assert_true(t.n == 1 && t.right == 0 && t.day == DAY0);
	assert_string_equal(t.task, "2.1");
	assert_int_equal(tries(f, DAY0 + 1).n, 0);
	must(f, store_undo(f->s, NOON(DAY0 + 1), 0, &f->a, &row, &f->d));
	must(f, store_undo(f->s, NOON(DAY0 + 1), 0, &f->a, &row, &f->d));
	assert_int_equal(tries(f, 0).n, 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up_cards, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kept_as_it_was),
		TEST(events_only_grow),
		TEST(the_end_is_one_step),
		TEST(newest_first),
		TEST(a_card_in_an_exam_is_never_deleted),
		TEST(the_pool),
		TEST(first_tries_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
