/* examworld.c -- see examworld.h. */
#include "tests/unit/study/examworld.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define SOURCES "sources: {s: {title: A, url: \"https://example.org/\", checked: 2026-11-01}}\n"
#define EXAM(id, dates)                                                                         \
	"exam: " id "\ntitle: A small exam\ncode: " id "\nformat: 1\nabout: For tests.\n" dates \
	"minutes: 20\nextra_minutes: 5\nscored: 5\nunscored: 2\ntypes: [single, multiple]\n"    \
	"pass: {share: 0.72, spread: 0.03, note: Our assumption.}\n" SOURCES "source: [s]\n"    \
	"domains:\n"                                                                            \
	"  \"1\": {title: Building, weight: 60, tasks: {\"1.1\": Build it}}\n"                  \
	"  \"2\": {title: Guarding, weight: 40, tasks: {\"2.1\": Guard it}}\n"

static const struct {
	const char *file, *text;
} exams[] = {
	{"mini.yaml", EXAM("mini", "from: 2026-11-01\nreplaces: old\n")},
	{"old.yaml", EXAM("old", "until: 2026-11-22\nreplaced_by: mini\n")},
};

void exam_blueprint(struct world *w)
{
	struct arena a = {0};
	const char *dir = path_join(&a, w->dir, "data/exams");
	assert_true(file_mkdirs(dir, NULL));
	for (size_t i = 0; i < ARRAY_LEN(exams); i++)
		assert_true(file_write(path_join(&a, dir, exams[i].file), exams[i].text,
				       strlen(exams[i].text), NULL));
	arena_clear(&a);
}

void exam_deck(struct world *w, const char *name, int count)
{
	struct str text = {0};
	str_addf(&text, "deck: %s\ntitle: Deck %s\nformat: 1\n" SOURCES "cards:\n", name, name);
	for (int i = 0; i < count; i++) {
		bool two = i % 4 == 3;
		str_addf(&text,
			 "- id: q%d\n  kind: choice\n  tags: [topic-%d]\n"
			 "  exam: {mini: \"%d.1\", old: \"%d.1\"}\n  question: Question %d?\n%s"
			 "  options:\n  - {text: \"yes\", right: true, why: It is.}\n",
			 i, i % 3, i % 2 + 1, i % 2 + 1, i, two ? "  choose: 2\n" : "");
		if (two)
			str_add(&text, "  - {text: yes too, right: true, why: So is this.}\n"
				       "  - {text: never, why: Not at all.}\n");
		str_add(&text, "  - {text: \"no\", why: It is not.}\n"
			       "  - {text: hardly, why: Hardly ever.}\n"
			       "  - {text: sometimes, why: Not even then.}\n  source: s\n");
	}
	world_deck(w, name, str_c(&text));
	str_clear(&text);
}

struct sitting *exam_begin(struct world *w, struct exam_options o)
{
	struct diags d = {0};
	struct sitting_plan plan;
	struct sitting *x = NULL;
	if (!o.exam)
		o.exam = "mini";
	if (!sitting_plan(&plan, &w->study, &o, &d) || !sitting_start(&x, &w->study, &plan, &d)) {
		diags_print(&d, stderr);
		fail_msg("no exam");
	}
	sitting_plan_clear(&plan);
	diags_clear(&d);
	return x;
}

void exam_answer(struct sitting *x, bool right)
{
	const struct ask *q = &sitting_current(x).item->ask;
	struct diags d = {0};
	int given = 0;
	for (size_t i = 0; i < q->count; i++)
		if (q->chosen[i])
			assert_true(sitting_choose(x, i, &d));
	for (size_t i = 0; i < q->count && given < q->need; i++)
		if (ask_is_right(q, i) == right) {
			assert_true(sitting_choose(x, i, &d));
			given++;
		}
	assert_int_equal(given, q->need);
	assert_int_equal(d.count, 0);
}

int exam_pass(struct world *w, struct sitting *x, int64_t ms)
{
	int last = 0;
	while (ms > 0) {
		int warn;
		int64_t step = ms < 10000 ? ms : 10000;
		world_wait(w, step);
		assert_true(sitting_tick(x, &warn, NULL));
		last = warn ? warn : last;
		ms -= step;
	}
	return last;
}

struct exam_options exam_seeded(uint64_t seed)
{
	return (struct exam_options){.exam = "mini", .has_seed = true, .seed = seed};
}

struct sitting *exam_again(struct world *w, struct sitting *x)
{
	struct diags d = {0};
	int64_t id = sitting_info(x)->id;
	sitting_close(x, NULL);
	world_open(w);
	if (!sitting_resume(&x, &w->study, id, &d)) {
		diags_print(&d, stderr);
		fail_msg("not resumed");
	}
	diags_clear(&d);
	return x;
}

const struct sitting_result *exam_result(struct sitting *x)
{
	const struct sitting_result *r;
	struct diags d = {0};
	if (!sitting_result(x, &r, &d)) {
		diags_print(&d, stderr);
		fail_msg("no result");
	}
	return r;
}

int log_rows(struct world *w)
{
	struct arena a = {0};
	struct store_log_row *rows;
	size_t n;
	assert_true(store_history(w->study.store, 0, 10000, &a, &rows, &n, NULL));
	arena_clear(&a);
	return (int)n;
}
