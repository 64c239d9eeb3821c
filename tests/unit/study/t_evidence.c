/* t_evidence.c -- evidence drills over a real store and real gateways: what a seed decides, what
 * the evidence tells and does not tell, answers that are kept, reviews that become due. */
#include "study/evidence.h"

#include "base/file.h"
#include "base/json.h"
#include "gateway/trace.h"
#include "store/lablog.h"
#include "study/evidenceinside.h"
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

struct bench {
	struct world w;
	struct lab_shelf shelf;
	struct evidence *evidence;
};

static void copy(struct world *w, const char *name)
{
	struct arena a = {0};
	struct str text = {0};
	const char *to = path_join(&a, w->dir, path_join(&a, "data/drills", name));
	assert_true(file_read(path_join(&a, "tests/data/drills", name), 1 << 20, &text, NULL));
	assert_true(file_mkdirs(path_dir(&a, to), NULL));
	assert_true(file_write(to, text.p, text.len, NULL));
	str_clear(&text);
	arena_clear(&a);
}

static int open_bench(void **state)
{
	static struct bench b;
	struct diags d = {0};
	b = (struct bench){0};
	world_init(&b.w);
	copy(&b.w, "keys.yaml");
	copy(&b.w, "keys/shop.yaml");
	copy(&b.w, "keys/shop.openapi.yaml");
	world_deck(&b.w, "kinds",
		   "deck: kinds\ntitle: Kinds\nformat: 1\ncards:\n"
		   "- {id: basic, kind: basic, front: F, back: B}\n"
		   "- {id: typed, kind: basic, front: F2, back: B}\n");
	world_open(&b.w);
	assert_true(lab_shelf_open(&b.shelf, &b.w.study, &d));
	diags_print(&d, stderr);
	assert_int_equal(d.errors, 0);
	assert_int_equal(b.shelf.drill_count, 1);
	diags_clear(&d);
	*state = &b;
	return 0;
}

static int close_bench(void **state)
{
	struct bench *b = *state;
	evidence_close(b->evidence, NULL);
	lab_shelf_clear(&b->shelf);
	world_clear(&b->w);
	return 0;
}

static const struct evidence_case *start(struct bench *b, uint64_t seed, int cases)
{
	struct diags d = {0};
	const struct evidence_options o = {.cases = cases, .has_seed = true, .seed = seed};
	evidence_close(b->evidence, NULL);
	b->evidence = NULL;
	if (!evidence_open(&b->evidence, &b->w.study, &b->shelf, &o, &d)) {
		diags_print(&d, stderr);
		fail_msg("seed %llu has no case", (unsigned long long)seed);
	}
	return evidence_case(b->evidence);
}

static const struct lab_fault *fault_of(const struct evidence_case *c)
{
	return &c->drill->lab.faults[c->fault];
}

/* A seed that draws a fault. */
static uint64_t seed_of(const struct bench *b, const char *fault)
{
	for (uint64_t seed = 0; seed < 1000; seed++)
		if (str_eq(b->shelf.drills[0]
				   ->lab.faults[evidence_fault(&b->shelf.drills[0]->lab, seed)]
				   .id,
			   fault))
			return seed;
	fail_msg("no seed draws %s", fault);
	return 0;
}

/* ---- what the seed decides ----------------------------------------------------------- */

static void every_fault_is_drawn(void **state)
{
	struct bench *b = *state;
	const struct lab *drill = &b->shelf.drills[0]->lab;
	int drawn[MAX_LAB_FAULTS] = {0};
	for (uint64_t seed = 0; seed < 400; seed++)
		drawn[evidence_fault(drill, seed)]++;
	for (size_t i = 0; i < drill->fault_count; i++)
		assert_true(drawn[i] > 400 / (int)drill->fault_count / 2);
}

static void options_hold_the_truth(void **state)
{
	struct bench *b = *state;
	int places[8] = {0};
	for (uint64_t seed = 0; seed < 400; seed++) {
		struct evidence_case c, again;
		evidence_decide(&c, b->shelf.drills[0], seed);
		evidence_decide(&again, b->shelf.drills[0], seed);
		assert_memory_equal(&c, &again, sizeof(c));
		assert_in_range(c.option_count, 4, 5);
		assert_int_equal(c.options[c.right], fault_of(&c)->stage);
		for (size_t i = 0; i < c.option_count; i++)
			for (size_t k = 0; k < i; k++)
				assert_int_not_equal(c.options[i], c.options[k]);
		places[c.right]++;
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(places[i], 50, 150);
}

static void cases_follow_from_the_first(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	uint64_t seeds[4];
	int faults[4];
	for (int turn = 0; turn < 2; turn++) {
		const struct evidence_case *c = start(b, 11, 4);
		for (int i = 0; i < 4; i++) {
			assert_non_null(c);
			assert_int_equal(evidence_number(b->evidence), i + 1);
			if (turn) {
				assert_int_equal(c->seed, seeds[i]);
				assert_int_equal(c->fault, faults[i]);
			}
			seeds[i] = c->seed;
			faults[i] = c->fault;
			assert_true(!i || faults[i] != faults[i - 1]);
			assert_true(evidence_next(b->evidence, &d));
			c = evidence_case(b->evidence);
		}
		assert_null(c);
	}
	/* Each case again by its own seed. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(start(b, seeds[i], 1)->fault, faults[i]);
}

/* ---- what the evidence tells --------------------------------------------------------- */

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" in:\n%s", part, text);
}

static void evidence_of_each_fault(void **state)
{
	static const struct {
		const char *fault, *log, *message, *trace, *answer;
	} cases[] = {
		{"no-plan", "GET /prod/stock 403 ", " \"Forbidden\"\n", "status 403", "API key "},
		{"empty-bucket", "GET /prod/stock 429 ", " \"Too Many Requests\"\n", "status 429",
		 "throttling "},
		{"wrong-body", "POST /prod/orders 400 ", " \"Invalid request body\"\n",
		 "status 400", "validation "},
		{"no-template", "POST /prod/orders 500 ", " \"Internal server error\"\n",
		 "status 500", "integration "},
	};
	struct bench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct evidence_case *c = start(b, seed_of(b, cases[i].fault), 1);
		assert_string_equal(fault_of(c)->id, cases[i].fault);
		has(c->log, cases[i].log);
		has(c->log, cases[i].message);
		has(c->log, "  resourcePath=");
		has(c->log, " integration.status/latency=");
		has(c->log, " 200 responseLatency="); /* sound requests */
		has(c->trace, cases[i].trace);
		has(c->answer, cases[i].answer);
		has(c->metrics, "Shop/prod ");
		has(c->metrics, "4XXError");
		/* Of what failed the log tells no more than a service's. */
		for (int step = 0; step < GW_STEP_COUNT; step++)
			if (step != GW_STEP_INTEGRATION && step != GW_STEP_STAGE &&
			    step != GW_STEP_RESPONSE) {
				lacks(c->log, gw_step_names[step]);
				lacks(c->trace, gw_step_names[step]);
			}
		lacks(c->log, "THROTTLED");
		lacks(c->log, "INVALID_API_KEY");
		lacks(c->log, "127.0.0.1");
	}
}

static void like_entries_are_counted(void **state)
{
	struct bench *b = *state;
	const struct evidence_case *c = start(b, seed_of(b, "empty-bucket"), 1);
	has(c->log, " more like it\n");
}

static void json_has_the_truth(void **state)
{
	struct bench *b = *state;
	struct arena a = {0};
	struct str out = {0};
	struct node *root;
	struct diags d = {0};
	const struct evidence_case *c = start(b, UINT64_MAX, 1);
	evidence_json(&out, c);
	assert_true(json_read(&a, "case", out.p, out.len, &root, &d));
	assert_string_equal(node_get(root, "seed")->text, "18446744073709551615");
	assert_string_equal(node_get(root, "fault")->text, fault_of(c)->id);
	assert_string_equal(node_get(root, "stage")->text, lab_steps[fault_of(c)->stage]);
	str_clear(&out);
	arena_clear(&a);
}

/* ---- answers ------------------------------------------------------------------------- */

struct seen {
	int count, right;
	char given[32], truth[32], name[32], tasks[64];
	uint64_t seed;
};

static void see(void *ctx, const struct store_lab_event *x)
{
	struct seen *s = ctx;
	assert_string_equal(x->what, "fault");
	assert_string_equal(x->lab, "keys");
	s->count++;
	s->right = x->right;
	s->seed = x->seed;
	snprintf(s->given, sizeof(s->given), "%s", x->given);
	snprintf(s->truth, sizeof(s->truth), "%s", x->truth);
	snprintf(s->name, sizeof(s->name), "%s", x->name);
	snprintf(s->tasks, sizeof(s->tasks), "%s", x->tasks);
}

static struct seen events(struct bench *b)
{
	struct seen s = {0};
	struct diags d = {0};
	assert_true(store_lab_events(b->w.study.store, NULL, see, &s, &d));
	return s;
}

static int other_than(const struct evidence_case *c)
{
	return c->right ? 0 : 1;
}

static void wrong_answers_come_back(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	const struct evidence_case *c = start(b, seed_of(b, "no-plan"), 2);
	int right;
	assert_false(c->shown);
	assert_true(evidence_answer(b->evidence, other_than(c), &d));
	struct seen s = events(b); /* on disk when it returns */
	assert_int_equal(s.count, 1);
	assert_int_equal(s.right, 0);
	assert_int_equal(s.seed, c->seed);
	assert_string_equal(s.given, lab_steps[c->options[other_than(c)]]);
	assert_string_equal(s.truth, "api-key");
	assert_string_equal(s.name, "no-plan");
	assert_string_equal(s.tasks, "dva-c02=4.1 dva-c03=4.1");
	assert_true(c->shown);
	assert_int_equal(c->chosen, other_than(c));
	assert_int_equal(c->due_cards, 2);
	struct idset due = {0};
	assert_true(study_find(&b->w.study, "is:due", false, &due, &d));
	assert_int_equal(idset_count(&due), 2);
	idset_clear(&due);
	/* Once. */
	assert_true(evidence_answer(b->evidence, c->right, &d));
	assert_int_equal(events(b).count, 1);
	assert_int_equal(evidence_done(b->evidence, &right), 1);
	assert_int_equal(right, 0);
}

static void right_answers_count(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	const struct evidence_case *c = start(b, seed_of(b, "empty-bucket"), 2);
	int right;
	assert_true(evidence_answer(b->evidence, c->right, &d));
	struct seen s = events(b);
	assert_int_equal(s.right, 1);
	assert_string_equal(s.given, "throttle");
	assert_string_equal(s.tasks, "dva-c03=3.1"); /* its own */
	assert_int_equal(c->due_cards, 0);
	assert_int_equal(evidence_done(b->evidence, &right), 1);
	assert_int_equal(right, 1);
	assert_true(evidence_next(b->evidence, &d));
	assert_true(evidence_answer(b->evidence, -1, &d));
	assert_int_equal(events(b).right, 0);
	assert_string_equal(events(b).given, "");
	assert_int_equal(evidence_case(b->evidence)->chosen, -1);
}

/* ---- what cannot be asked ------------------------------------------------------------ */

static void refused(struct bench *b, const char *drill, const char *code)
{
	struct diags d = {0};
	const struct evidence_options o = {.drill = drill, .cases = 1, .has_seed = true};
	evidence_close(b->evidence, NULL);
	assert_false(evidence_open(&b->evidence, &b->w.study, &b->shelf, &o, &d));
	assert_null(b->evidence);
	assert_true(d.errors > 0);
	assert_string_equal(d.items[0].code, code);
	diags_clear(&d);
}

static void no_drill(void **state)
{
	struct bench *b = *state;
	refused(b, "nothing", "evidence-none");
	lab_shelf_clear(&b->shelf);
	b->shelf = (struct lab_shelf){0};
	refused(b, NULL, "evidence-none");
}

static void a_fault_that_does_not_show(void **state)
{
	struct bench *b = *state;
	struct lab *drill = &b->shelf.drills[0]->lab;
	for (size_t i = 0; i < drill->fault_count; i++)
		drill->faults[i].expect.status_from = drill->faults[i].expect.status_to = 418;
	refused(b, NULL, "evidence-fault");
}

static const char own_drill[] =
	"drill: own\ntitle: Own\nabout: Own.\nformat: 1\nexam: {dva-c03: \"4.1\"}\n"
	"gateway: own.yaml\n"
	"sources: {s: {title: S, url: \"https://example.org/\", checked: 2026-11-20}}\nsource: s\n"
	"requests:\n  call: {connect: /live}\ntraffic: [call]\nfaults:\n"
	"- {id: shut, stage: integration, requests: [call], expect: {kind: connect},\n"
	"   why: It is so.}\n"
	"- {id: other, stage: authorize, requests: [call], expect: {kind: connect},\n"
	"   why: It is so.}\n";
static const char own_stack[] =
	"gateway: own\napis:\n- apiId: own\n  type: WEBSOCKET\n"
	"  routeSelectionExpression: $request.body.action\n"
	"  routes: {$connect: {integration: {type: AWS_PROXY, function: f}}}\n"
	"  stages: {live: {}}\nfunctions:\n  f: {command: [sh, f.sh]}\n";
static const char own_function[] = "touch ran\necho '{\"statusCode\": 200}'\n";

/* A drill of the learner's own that runs a command. */
static void add_own(struct bench *b)
{
	static const struct {
		const char *name, *text;
	} files[] = {{"drills/own.yaml", own_drill},
		     {"drills/own/own.yaml", own_stack},
		     {"drills/own/f.sh", own_function}};
	struct arena a = {0};
	struct diags d = {0};
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const char *to = path_join(&a, b->w.dir, files[i].name);
		assert_true(file_mkdirs(path_dir(&a, to), NULL));
		assert_true(file_write(to, files[i].text, strlen(files[i].text), NULL));
	}
	arena_clear(&a);
	lab_shelf_clear(&b->shelf);
	assert_true(lab_shelf_open(&b->shelf, &b->w.study, &d));
	diags_print(&d, stderr);
	assert_int_equal(b->shelf.drill_count, 2);
	diags_clear(&d);
}

static void commands_want_consent(void **state)
{
	struct bench *b = *state;
	struct diags d = {0};
	struct evidence_options o = {.drill = "own", .cases = 1, .has_seed = true};
	add_own(b);
	refused(b, "own", "lab-commands");
	o.allow_commands = true;
	assert_true(evidence_open(&b->evidence, &b->w.study, &b->shelf, &o, &d));
	has(evidence_case(b->evidence)->log, "CONNECT ");
	/* Where any drill will do it is passed over. */
	const struct evidence_case *c = start(b, 3, 12);
	for (int i = 0; c && i < 12; i++) {
		assert_string_equal(c->drill->lab.id, "keys");
		assert_true(evidence_next(b->evidence, &d));
		c = evidence_case(b->evidence);
	}
}

/* No folder of a case stays behind, whatever became of it. */
static void nothing_stays(void **state)
{
	struct bench *b = *state;
	struct arena a = {0};
	const char **names;
	size_t n = 0;
	start(b, 1, 1);
	a_fault_that_does_not_show(state);
	assert_true(
		file_list(path_join(&a, b->w.paths.state, "scratch"), "", &a, &names, &n, NULL));
	assert_int_equal(n, 0);
	arena_clear(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
		TEST(every_fault_is_drawn),
		TEST(options_hold_the_truth),
		TEST(cases_follow_from_the_first),
		TEST(evidence_of_each_fault),
		TEST(like_entries_are_counted),
		TEST(json_has_the_truth),
		TEST(wrong_answers_come_back),
		TEST(right_answers_count),
		TEST(no_drill),
		TEST(a_fault_that_does_not_show),
		TEST(commands_want_consent),
		TEST(nothing_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
