/* t_query.c -- the search language against a small store: what is found, and what is refused with
 * which words. */
#include "study/query.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const char deck[] =
	"deck: q\ntitle: Query\nformat: 1\nexam: {dva-c02: \"1.1\"}\ntags: [all]\n"
	"sources:\n  s: {title: A, url: \"https://example.org/\", checked: 2026-11-01}\ncards:\n"
	"- {id: one, kind: basic, front: The idle timeout of a socket, back: ten minutes, source: "
	"s, tags: [websocket, limits]}\n"
	"- {id: two, kind: truefalse, statement: A REST API times out after 29 seconds, answer: "
	"true, why: By default, source: s, tags: [rest]}\n"
	"- {id: three, kind: cloze, text: \"Frames of {{c1::32 KB}}, messages of {{c2::128 KB}}\", "
	"source: s, tags: [websocket], exam: {dva-c02: \"2.1\"}}\n";

/* 1 one, 2 two, 3 and 4 three#c1 and #c2. */
static char digit_of(const struct store_item *item)
{
	if (item->card[1] == 'n')
		return '1';
	if (item->card[1] == 'w')
		return '2';
	return strcmp(item->part, "c1") ? '4' : '3';
}

/* What is found, as digits in order. */
static void found(struct world *w, const char *query, const char *want)
{
	struct idset ids = {0};
	struct diags d = {0};
	struct str got = {0};
	if (!study_find(&w->study, query, false, &ids, &d))
		fail_msg("%s: %s", query, diags_first(&d));
	for (int64_t id = 0; (id = idset_next(&ids, id)) != 0;) {
		struct arena a = {0};
		struct store_item item;
		assert_true(store_row(w->study.store, id, &a, &item, NULL));
		str_addc(&got, digit_of(&item));
		arena_clear(&a);
	}
	if (strcmp(str_c(&got), want))
		fail_msg("%s: found \"%s\", not \"%s\"", query, str_c(&got), want);
	str_clear(&got);
	idset_clear(&ids);
	diags_clear(&d);
}

static void what_is_found(void **state)
{
	struct world *w = *state;
	static const char *const rows[][2] = {
		{"", "1234"},
		{"timeout", "1"},
		{"time", "12"},
		{"TIMEOUT", "1"},
		{"\"idle timeout\"", "1"},
		{"\"timeout idle\"", ""},
		{"tag:websocket", "134"},
		{"tag:web*", "134"},
		{"tag:web", ""},
		{"-tag:websocket", "2"},
		{"deck:q", "1234"},
		{"deck:x", ""},
		{"id:t*", "234"},
		{"kind:cloze", "34"},
		{"is:new", "1234"},
		{"is:due", ""},
		{"is:suspended", ""},
		{"task:2.1", "34"},
		{"domain:1", "12"},
		{"timeout or 128", "134"},
		{"tag:websocket -kind:cloze", "1"},
		{"(timeout or seconds) -rest", "1"},
		{"re:^frames", "34"},
		{"re:\"29 sec\"", "2"},
		{"re:(times|idle)", "12"},
		{"prop:lapses=0", "1234"},
		{"prop:reps>0", ""},
		{"prop:ivl!=0", ""},
		{"flag:0", "1234"},
		{"is:flagged", ""},
		{"rated:1", ""},
		{"added:1", "1234"},
		{"\"or\"", ""},
		{"is:removed", ""},
		{"32", "34"},
		{"\\(", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		found(w, rows[i][0], rows[i][1]);
}

static void a_name_that_is_nowhere(void **state)
{
	struct world *w = *state;
	static const char *const rows[][2] = {
		{"tag:websocket deck:q", NULL},
		{"tag:web*", NULL},
		{"kind:typed", NULL},
		{"tag:websokcet", "there is no tag \"websokcet\", did you mean \"websocket\"?"},
		{"idle -(tag:rest or tag:limit)",
		 "there is no tag \"limit\", did you mean \"limits\"?"},
		{"deck:elsewhere", "there is no deck \"elsewhere\""},
		{"tag:zz*", "there is no tag \"zz*\""},
		{"(", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = {0};
		const char *text = study_unknown_name(&w->study, rows[i][0], &a);
		assert_true(!text == !rows[i][1]);
		if (text)
			assert_string_equal(text, rows[i][1]);
		arena_clear(&a);
	}
}

static void what_is_refused(void **state)
{
	(void)state;
	static const char *const rows[][3] = {
		{"tga:ws", "query-unknown", "did you mean \"tag:\""},
		{"is:du", "query-unknown", "did you mean \"due\""},
		{"kind:clze", "query-unknown", "\"cloze\""},
		{"\"open", "query-syntax", "column 1"},
		{"a (b", "query-syntax", "column 3"},
		{"a b)", "query-syntax", "column 4"},
		{"tag:", "query-value", "missing"},
		{"prop:lapses", "query-value", "prop:lapses>3"},
		{"prop:size>3", "query-unknown", "lapses"},
		{"prop:lapses<>3", "query-value", "compare"},
		{"rated:x", "query-value", "days"},
		{"rated:3:5", "query-value", "grade"},
		{"flag:9", "query-value", "0 to 7"},
		{"re:(", "query-value", "column 4"},
		{"a or", "query-syntax", "missing"},
		{"or", "query-syntax", "missing"},
		{"()", "query-syntax", "missing"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = {0};
		struct diags d = {0};
		struct query *q;
		if (query_parse(&a, rows[i][0], false, &q, &d))
			fail_msg("accepted: %s", rows[i][0]);
		assert_string_equal(d.items[0].code, rows[i][1]);
		if (!strstr(d.items[0].text, rows[i][2]))
			fail_msg("%s: %s", rows[i][0], d.items[0].text);
		diags_clear(&d);
		arena_clear(&a);
	}
}

static void bounds(void **state)
{
	(void)state;
	struct arena a = {0};
	struct query *q;
	struct str s = {0};
	for (int i = 0; i < 100; i++)
		str_add(&s, "(");
	assert_false(query_parse(&a, str_c(&s), false, &q, NULL));
	str_reset(&s);
	for (int i = 0; i < 201; i++)
		str_add(&s, "a ");
	assert_false(query_parse(&a, str_c(&s), false, &q, NULL));
	str_reset(&s);
	for (int i = 0; i < MAX_QUERY_BYTES + 1; i++)
		str_addc(&s, 'a');
	assert_false(query_parse(&a, str_c(&s), false, &q, NULL));
	str_clear(&s);
	arena_clear(&a);
}

static void typing_never_fails_midway(void **state)
{
	(void)state;
	static const char text[] =
		"tag:websocket \"idle time\" (is:due or prop:lapses>3) -kind:cloze";
	for (size_t n = 0; n <= strlen(text); n++) {
		struct arena a = {0};
		struct diags d = {0};
		struct query *q;
		char *part = arena_strndup(&a, text, n);
		if (!query_parse(&a, part, true, &q, &d))
			fail_msg("%s: %s", part, diags_first(&d));
		query_clear(q);
		diags_clear(&d);
		arena_clear(&a);
	}
}

static int open_world(void **state)
{
	static struct world w;
	world_init(&w);
	world_deck(&w, "q", deck);
	world_open(&w);
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world_clear(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_found, open_world, close_world),
		cmocka_unit_test_setup_teardown(a_name_that_is_nowhere, open_world, close_world),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(bounds),
		cmocka_unit_test(typing_never_fails_midway),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
