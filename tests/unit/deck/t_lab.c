/* t_lab.c -- labs, proofs and drills as read; edits; what is checked against decks and folders; the
 * committed schemas. Diagnostics have goldens (t_golden.c). */
#include "base/file.h"
#include "deck/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LABS "tests/data/labs/"

static struct lab read_file(const char *path)
{
	struct lab l;
	struct diags d = {0};
	if (!lab_read_file(&l, path, &d))
		fail_msg("%s:%d: %s", path, d.items[0].pos.line, diags_first(&d));
	assert_int_equal(d.count, 0);
	diags_clear(&d);
	return l;
}

/* -- what is read ------------------------------------------------------------------------------ */

static void the_head_of_a_lab(void **state)
{
	struct lab l = read_file(LABS "keys.yaml");
	(void)state;
	assert_int_equal(l.kind, LAB_LAB);
	assert_string_equal(l.id, "keys");
	assert_string_equal(l.folder, "tests/data/labs/keys");
	assert_string_equal(l.title, "One key, two throttles");
	assert_int_equal(l.task_count, 3);
	assert_string_equal(l.tasks[2].blueprint, "dva-c03");
	assert_string_equal(l.tasks[2].task, "1.2");
	assert_int_equal(l.tag_count, 2);
	assert_int_equal(l.minutes, 10);
	assert_int_equal(l.gateway_count, 1);
	assert_string_equal(l.gateway[0], "shop.yaml");
	assert_true(l.time_scale == 60);
	assert_true(l.tls);
	assert_int_equal(l.cited_count, 1);
	assert_string_equal(l.cited[0]->title, "Usage plans and API keys");
	assert_string_equal(l.cards[0], "usage-plans/no-key");
	assert_string_equal(l.story, "A partner **rings**: every call is refused.\n");
	assert_int_equal(l.hint_count, 2);
	assert_string_equal(l.hints[1], "Which of the stages refused?");
	assert_int_equal(lab_request_named(&l, "flood"), 3);
	assert_int_equal(lab_request_named(&l, "floods"), -1);
	lab_clear(&l);
	lab_clear(&l);
}

static void requests_and_what_comes_before(void **state)
{
	struct lab l = read_file(LABS "keys.yaml");
	const struct lab_request *q = l.requests;
	(void)state;
	assert_int_equal(l.request_count, 12);
	assert_string_equal(q[0].title, "Without a key");
	assert_string_equal(q[1].title, "GET /prod/stock");
	assert_string_equal(q[1].action.headers[0].name, "x-api-key");
	assert_string_equal(q[1].action.headers[0].value, "bronze-key-0000000000");
	assert_string_equal(q[1].action.headers[1].value, "");
	assert_false(q[1].has_expect);
	assert_int_equal(q[2].action.verb, LAB_SEND);
	assert_string_equal(q[2].action.method, "POST");
	assert_string_equal(q[2].action.target, "/prod/orders?dry=1");
	assert_string_equal(q[2].action.body, "{\"n\": 1}");
	assert_string_equal(q[2].action.api, "shop");
	assert_string_equal(q[2].action.host, "api.example.test");
	assert_true(q[2].action.certificate);
	assert_null(q[2].action.as);
	assert_int_equal(q[2].before_count, 2);
	assert_int_equal(q[2].before[1], 1);
	assert_string_equal(q[2].shows, "The key is known, but in no plan of this stage.");
	assert_true(q[2].has_expect);
	assert_int_equal(q[2].expect.refused_by, lab_step("api-key"));
	assert_true(q[3].action.burst_rate == 20);
	assert_true(q[3].action.burst_seconds == 0.5);
	assert_string_equal(q[3].title, "GET /prod/stock, 20 a second for 0.5 s");
	lab_clear(&l);
}

static void actions_of_other_kinds(void **state)
{
	struct lab l = read_file(LABS "keys.yaml");
	const struct lab_request *q = &l.requests[4];
	(void)state;
	assert_int_equal(q[0].action.verb, LAB_CONNECT);
	assert_string_equal(q[0].action.target, "/live?room=1");
	assert_string_equal(q[0].action.as, "alice");
	assert_string_equal(q[0].action.headers[0].value, "yes");
	assert_string_equal(q[0].title, "connect /live?room=1 as alice");
	assert_string_equal(q[1].action.as, "client");
	assert_int_equal(q[2].action.verb, LAB_SAY);
	assert_string_equal(q[2].action.body, "{\"action\":\"join\"}");
	assert_string_equal(q[2].title, "alice says {\"action\":\"join\"}");
	assert_int_equal(q[3].action.verb, LAB_CLOSE);
	assert_int_equal(q[3].action.code, 1001);
	assert_string_equal(q[3].title, "client closes with 1001");
	assert_string_equal(q[4].action.target, "/live/@connections/{alice}");
	assert_int_equal(q[5].action.verb, LAB_WAIT);
	assert_int_equal(q[5].action.wait_ms, 11 * 60 * 1000);
	assert_string_equal(q[5].title, "wait 11m");
	assert_int_equal(q[6].action.verb, LAB_DEPLOY);
	assert_string_equal(q[6].action.api, "shop");
	assert_string_equal(q[6].action.stage, "prod");
	assert_string_equal(q[6].title, "deploy shop/prod");
	assert_int_equal(q[7].action.verb, LAB_PROMOTE);
	lab_clear(&l);
}

static void goals_and_their_matches(void **state)
{
	struct lab l = read_file(LABS "keys.yaml");
	const struct lab_goal *g = l.goals;
	const struct lab_match *m = &g[1].match;
	(void)state;
	assert_int_equal(l.goal_count, 2);
	assert_string_equal(g[0].id, "refused");
	assert_int_equal(g[0].times, 1);
	assert_int_equal(g[0].after, -1);
	assert_int_equal(g[0].match.status_from, 400);
	assert_int_equal(g[0].match.status_to, 499);
	assert_int_equal(g[0].match.reached, 1U << lab_step("api-key"));
	assert_int_equal(g[0].match.not_reached,
			 1U << lab_step("integration") | 1U << lab_step("response"));
	assert_int_equal(g[1].times, 3);
	assert_int_equal(g[1].within_ms, 1000);
	assert_int_equal(g[1].after, 0);
	assert_int_equal(g[1].card_count, 2);
	assert_string_equal(m->kind, "request");
	assert_string_equal(m->path, "^/prod/stock\\b");
	assert_string_equal(m->route, "/stock");
	assert_int_equal(m->status_from, 429);
	assert_int_equal(m->status_to, 429);
	assert_string_equal(m->error, "THROTTLED");
	assert_int_equal(m->refused_by, -1);
	assert_int_equal(m->outcome_count, 2);
	assert_string_equal(m->outcomes[1].name, "throttle");
	assert_string_equal(m->outcomes[1].value, "refused");
	assert_int_equal(m->sent_count, 2);
	assert_string_equal(m->sent[1].value, "");
	assert_int_equal(m->answered_count, 1);
	assert_int_equal(m->lacks_count, 1);
	assert_string_equal(m->lacks[0].name, "x-cache");
	assert_string_equal(m->details[0].name, "throttle/tokens");
	assert_int_equal(m->over_ms, 5);
	assert_int_equal(m->under_ms, 2000);
	lab_clear(&l);
}

static void a_solution(void **state)
{
	struct lab l = read_file(LABS "keys.yaml");
	const struct lab_step *s = l.solution;
	(void)state;
	assert_int_equal(l.solution_count, 6);
	assert_int_equal(s[0].request, 0);
	assert_int_equal(s[1].request, -1);
	assert_int_equal(s[1].action.verb, LAB_EDIT);
	assert_string_equal(s[1].action.find, "burst: 1");
	assert_string_equal(s[1].action.put, "");
	assert_null(s[1].action.with);
	assert_string_equal(s[2].action.file, "shop.openapi.yaml");
	assert_string_equal(s[2].action.with, "solved/shop.openapi.yaml");
	assert_int_equal(s[3].action.verb, LAB_DEPLOY);
	assert_int_equal(s[4].action.wait_ms, 1000);
	assert_int_equal(s[5].request, 3);
	lab_clear(&l);
}

static void proofs(void **state)
{
	struct lab l = read_file(LABS "facts.yaml");
	(void)state;
	assert_int_equal(l.kind, LAB_PROOFS);
	assert_string_equal(l.id, "facts");
	assert_true(l.time_scale == 1);
	assert_false(l.tls);
	assert_null(l.story);
	assert_int_equal(l.requests[1].before[0], 0);
	assert_string_equal(l.requests[1].expect.outcomes[0].value, "hit");
	lab_clear(&l);
}

static void a_drill(void **state)
{
	struct lab l = read_file(LABS "broken.yaml");
	const struct lab_fault *f = l.faults;
	(void)state;
	assert_int_equal(l.kind, LAB_DRILL);
	assert_int_equal(l.traffic_count, 1);
	assert_int_equal(l.traffic[0], 0);
	assert_int_equal(l.fault_count, 2);
	assert_int_equal(f[0].stage, lab_step("throttle"));
	assert_int_equal(f[0].edit_count, 1);
	assert_int_equal(f[0].request_count, 3);
	assert_int_equal(f[0].requests[1], 1);
	assert_int_equal(f[0].expect.status_from, 429);
	assert_int_equal(f[0].task_count, 2);
	assert_string_equal(f[0].tasks[1].task, "3.3");
	assert_int_equal(f[1].edit_count, 0);
	assert_int_equal(f[1].task_count, 1);
	assert_ptr_equal(f[1].tasks, l.tasks);
	lab_clear(&l);
}

static void steps_by_their_words(void **state)
{
	(void)state;
	assert_int_equal(lab_step("tls"), 0);
	assert_int_equal(lab_step("method-response"), 15);
	assert_int_equal(lab_step("TLS"), -1);
	assert_int_equal(lab_step(""), -1);
	assert_int_equal(lab_step(NULL), -1);
}

/* -- edits ------------------------------------------------------------------------------------- */

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/lab.XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static void put_file(const char *name, const char *text)
{
	struct arena a = {0};
	struct diags d = {0};
	if (!file_write(path_join(&a, folder, name), text, strlen(text), &d))
		fail_msg("%s", diags_first(&d));
	arena_clear(&a);
}

static void expect_file(const char *name, const char *text)
{
	struct arena a = {0};
	struct diags d = {0};
	struct str got = {0};
	if (!file_read(path_join(&a, folder, name), 1000, &got, &d))
		fail_msg("%s", diags_first(&d));
	assert_string_equal(str_c(&got), text);
	str_clear(&got);
	arena_clear(&a);
}

static bool edit(const char *file, const char *find, const char *put, const char *with,
		 const char *code)
{
	struct lab_action x = {
		.verb = LAB_EDIT, .file = file, .find = find, .put = put, .with = with};
	struct diags d = {0};
	bool ok = lab_edit(&x, folder, &d);
	assert_int_equal(d.count, ok ? 0 : 1);
	if (code)
		assert_string_equal(d.items[0].code, code);
	diags_clear(&d);
	return ok;
}

static void an_edit_replaces_what_is_there_once(void **state)
{
	(void)state;
	put_file("a.yaml", "rate: 1\nburst: 1\n");
	assert_true(edit("a.yaml", "burst: 1", "burst: 22", NULL, NULL));
	expect_file("a.yaml", "rate: 1\nburst: 22\n");
	assert_false(edit("a.yaml", "burst: 1\n", "x", NULL, "lab-edit"));
	assert_false(edit("a.yaml", "2", "x", NULL, "lab-edit"));
	expect_file("a.yaml", "rate: 1\nburst: 22\n");
	assert_true(edit("a.yaml", "burst: 22\n", "", NULL, NULL));
	expect_file("a.yaml", "rate: 1\n");
	put_file("a.yaml", "aaa");
	assert_false(edit("a.yaml", "aa", "x", NULL, "lab-edit")); /* they overlap */
	put_file("b.yaml", "whole\n");
	assert_true(edit("a.yaml", NULL, NULL, "b.yaml", NULL));
	expect_file("a.yaml", "whole\n");
}

static void an_edit_stays_in_its_folder(void **state)
{
	struct arena a = {0};
	(void)state;
	put_file("inside", "one");
	assert_int_equal(symlink("/etc/hostname", path_join(&a, folder, "out")), 0);
	assert_false(edit("../inside", "one", "two", NULL, "lab-file"));
	assert_false(edit("/etc/hostname", "one", "two", NULL, "lab-file"));
	assert_false(edit("out", "one", "two", NULL, "lab-file"));
	assert_false(edit("inside", NULL, NULL, "out", "lab-file"));
	assert_false(edit("inside/", "one", "two", NULL, "lab-file"));
	assert_false(edit("none", "one", "two", NULL, "file-open"));
	expect_file("inside", "one");
	arena_clear(&a);
}

/* -- what is named outside --------------------------------------------------------------------- */

/* Codes and lines of what lab_check says, as "lab-card 15, lab-file 9". */
static const char *checked(struct arena *a, const struct lab *l, const struct deck *const *decks,
			   size_t n)
{
	struct diags d = {0};
	struct str s = {0};
	lab_check(l, decks, n, &d);
	diags_sort(&d);
	for (size_t i = 0; i < d.count; i++)
		str_addf(&s, "%s%s %d", i ? ", " : "", d.items[i].code, d.items[i].pos.line);
	const char *out = arena_strdup(a, str_c(&s));
	str_clear(&s);
	diags_clear(&d);
	return out;
}

static void cards_that_a_lab_names(void **state)
{
	static const char text[] = "{deck: usage-plans, title: Plans, format: 1, cards: "
				   "[{id: no-key, kind: basic, front: a, back: b}]}";
	struct lab l = read_file(LABS "keys.yaml"), drill = read_file(LABS "broken.yaml");
	struct arena a = {0};
	struct deck deck;
	(void)state;
	assert_true(deck_read(&deck, "d.yaml", text, strlen(text), NULL));
	const struct deck *decks[] = {&deck};
	assert_string_equal(checked(&a, &l, NULL, 0), "");
	assert_string_equal(checked(&a, &l, decks, 1), "lab-card 72");
	assert_string_equal(checked(&a, &drill, decks, 1), "lab-card 18");
	deck_clear(&deck);
	arena_clear(&a);
	lab_clear(&l);
	lab_clear(&drill);
}

static void files_that_a_lab_names(void **state)
{
	struct lab l = read_file(LABS "keys.yaml"), drill = read_file(LABS "broken.yaml");
	struct arena a = {0};
	(void)state;
	l.folder = drill.folder = folder;
	assert_string_equal(checked(&a, &l, NULL, 0),
			    "lab-file 8, lab-file 80, lab-file 81, lab-file 81");
	assert_string_equal(checked(&a, &drill, NULL, 0), "lab-file 6, lab-file 14");
	arena_clear(&a);
	lab_clear(&l);
	lab_clear(&drill);
}

/* A lab is found by the name of its file. */
static void the_id_is_the_name_of_the_file(void **state)
{
	static const char text[] = "{proofs: a-b, title: T, format: 1, gateway: g.yaml, requests: "
				   "{x: {send: GET /a, shows: S., expect: {status: 2xx}}}}";
	struct diags d = {0};
	struct lab l;
	(void)state;
	assert_true(lab_read(&l, "some/a-b.yaml", text, strlen(text), &d));
	lab_clear(&l);
	assert_false(lab_read(&l, "some/a.yaml", text, strlen(text), &d));
	assert_string_equal(d.items[0].code, "lab-id");
	diags_clear(&d);
	assert_false(lab_read(&l, "some/a-bc.yaml", text, strlen(text), &d));
	diags_clear(&d);
	assert_true(lab_read(&l, "piped", text, strlen(text), &d));
	lab_clear(&l);
}

/* Only lab_read by itself is asked for another kind: content.c tells kinds apart. */
static void other_kinds_are_refused(void **state)
{
	static const char *const texts[] = {"deck: a\n", "- lab\n", "lab\n", "{}"};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diags d = {0};
		struct lab l;
		assert_false(lab_read(&l, "a.yaml", texts[i], strlen(texts[i]), &d));
		assert_string_equal(d.items[0].code, "lab-kind");
		assert_int_equal(d.items[0].pos.line, 1);
		diags_clear(&d);
	}
}

/* -- limits ------------------------------------------------------------------------------------ */

/* A file of proofs where request i comes after those that before names, n of them. */
static bool reads_chain(size_t n, void (*before)(struct str *out, size_t i), const char *want)
{
	struct str s = {0};
	struct diags d = {0};
	struct lab l;
	str_add(&s, "proofs: a\ntitle: T\nformat: 1\ngateway: g.yaml\nrequests:\n");
	for (size_t i = 0; i < n; i++) {
		str_addf(&s, "  r%zu: {send: GET /a, shows: S., expect: {status: 2xx}, before: [",
			 i);
		before(&s, i);
		str_add(&s, "]}\n");
	}
	char *text = s.p;
	/* The first has none: an empty list is refused. */
	char *first = strstr(text, ", before: []");
	memset(first, ' ', strlen(", before: []"));
	bool ok = lab_read(&l, "a.yaml", text, s.len, &d);
	lab_clear(&l);
	if (want)
		assert_string_equal(d.items[0].code, want);
	str_clear(&s);
	diags_clear(&d);
	return ok;
}

static void the_one_before(struct str *out, size_t i)
{
	if (i)
		str_addf(out, "r%zu", i - 1);
}

static void the_one_before_eight_times(struct str *out, size_t i)
{
	for (int k = 0; i && k < 8; k++)
		str_addf(out, "%sr%zu", k ? ", " : "", i - 1);
}

static void what_comes_before_is_bounded(void **state)
{
	(void)state;
	assert_true(reads_chain(MAX_LAB_NESTING + 1, the_one_before, NULL));
	assert_false(reads_chain(MAX_LAB_NESTING + 2, the_one_before, "lab-cycle"));
	assert_true(reads_chain(3, the_one_before_eight_times, NULL)); /* 1 + 8 + 64 */
	assert_false(reads_chain(4, the_one_before_eight_times, "lab-cycle"));
	assert_false(reads_chain(60, the_one_before_eight_times, "lab-cycle"));
}

static void times_and_statuses(void **state)
{
	int64_t ms = 0;
	int from = 0, to = 0;
	(void)state;
	assert_true(spec_span("500ms", 1, 1000, &ms) && ms == 500);
	assert_true(spec_span("3h", 1, MAX_LAB_WAIT_MS, &ms) && ms == MAX_LAB_WAIT_MS);
	assert_false(spec_span("181m", 1, MAX_LAB_WAIT_MS, &ms));
	assert_false(spec_span("0s", 1, 1000, &ms));
	assert_false(spec_span("99999999999999999999s", 1, MAX_LAB_WAIT_MS, &ms));
	assert_false(spec_span("1", 1, 1000, &ms));
	assert_false(spec_span("s", 1, 1000, &ms));
	assert_false(spec_span("1.5s", 1, 1000, &ms));
	assert_false(spec_span("-1s", 1, 1000, &ms));
	assert_false(spec_span("1s ", 1, 1000, &ms));
	assert_true(spec_status("429", &from, &to) && from == 429 && to == 429);
	assert_true(spec_status("5xx", &from, &to) && from == 500 && to == 599);
	assert_true(spec_status("1001", &from, &to) && from == 1001);
	assert_false(spec_status("6xx", &from, &to));
	assert_false(spec_status("99", &from, &to));
	assert_false(spec_status("600", &from, &to));
	assert_false(spec_status("4xxx", &from, &to));
	assert_false(spec_status("", &from, &to));
}

/* -- schemas ----------------------------------------------------------------------------------- */

static void check_schema(enum lab_kind kind, const char *path)
{
	struct str made = {0}, kept = {0};
	lab_schema(&made, kind);
	assert_true(file_read(path, 1 << 20, &kept, NULL));
	assert_string_equal(str_c(&kept), str_c(&made));
	str_clear(&made);
	str_clear(&kept);
}

static void schemas_are_the_committed_ones(void **state)
{
	(void)state;
	check_schema(LAB_LAB, "data/schema/lab.schema.json");
	check_schema(LAB_PROOFS, "data/schema/proofs.schema.json");
	check_schema(LAB_DRILL, "data/schema/drill.schema.json");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_of_a_lab),
		cmocka_unit_test(requests_and_what_comes_before),
		cmocka_unit_test(actions_of_other_kinds),
		cmocka_unit_test(goals_and_their_matches),
		cmocka_unit_test(a_solution),
		cmocka_unit_test(proofs),
		cmocka_unit_test(a_drill),
		cmocka_unit_test(steps_by_their_words),
		cmocka_unit_test(cards_that_a_lab_names),
		cmocka_unit_test(files_that_a_lab_names),
		cmocka_unit_test(the_id_is_the_name_of_the_file),
		cmocka_unit_test(other_kinds_are_refused),
		cmocka_unit_test(what_comes_before_is_bounded),
		cmocka_unit_test(times_and_statuses),
		cmocka_unit_test(schemas_are_the_committed_ones),
		cmocka_unit_test(an_edit_replaces_what_is_there_once),
		cmocka_unit_test(an_edit_stays_in_its_folder),
	};
	return cmocka_run_group_tests(tests, make_folder, NULL);
}
