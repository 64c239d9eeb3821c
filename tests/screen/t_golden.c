/* t_golden.c -- whole screens at 80x24, compared with tests/golden/screen/NAME.txt.
 * GATEDRILL_GOLDEN=update writes the files anew; the change is then to be looked at before it is
 * committed. */
#include "tests/screen/scene.h"

static void path_of(const char *name, char *out, size_t size)
{
	snprintf(out, size, "tests/golden/screen/%s.txt", name);
}

static void update(const char *name, const char *text)
{
	char path[128];
	path_of(name, path, sizeof(path));
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static const char *line_of(const char *text, int n)
{
	static char line[512];
	while (n-- && strchr(text, '\n'))
		text = strchr(text, '\n') + 1;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	return line;
}

static void compare(struct term *t, const char *name)
{
	static char wanted[1 << 14];
	char path[128];
	const char *mode = getenv("GATEDRILL_GOLDEN");
	if (mode && strcmp(mode, "update") == 0) {
		update(name, term_screen(t));
		return;
	}
	path_of(name, path, sizeof(path));
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s cannot be read; GATEDRILL_GOLDEN=update makes it", path);
	wanted[fread(wanted, 1, sizeof(wanted) - 1, f)] = '\0';
	fclose(f);
	bool same = true;
	for (int row = 0; row < 24; row++) {
		const char *line = line_of(wanted, row);
		if (strcmp(line, term_row(t, row)) == 0)
			continue;
		printf("# %s, row %d\n# wanted |%s\n# drawn  |%s\n", name, row, line,
		       term_row(t, row));
		same = false;
	}
	fflush(stdout);
	if (!same)
		fail_msg("%s is drawn otherwise; GATEDRILL_GOLDEN=update takes that", name);
}

static void home(void **state)
{
	scene_prepare(*state);
	struct term *t = scene_start(*state, scene_named("home"));
	compare(t, "home");
	scene_end(t);
}

static void question(void **state)
{
	struct term *t = scene_start(*state, scene_named("choice"));
	compare(t, "question");
	scene_end(t);
}

static void answer(void **state)
{
	struct term *t = scene_start(*state, scene_named("choice, answer"));
	compare(t, "answer");
	scene_end(t);
}

static void end(void **state)
{
	scene_prepare(*state);
	struct term *t = scene_start(*state, scene_named("end"));
	compare(t, "end");
	scene_end(t);
}

static void drawn(struct home *h, const char *scene, const char *name)
{
	scene_prepare(h);
	struct term *t = scene_start(h, scene_named(scene));
	compare(t, name);
	scene_end(t);
}

static void exam(void **state)
{
	drawn(*state, "exam", "exam");
}

static void grid(void **state)
{
	drawn(*state, "exam, all questions", "grid");
}

static void result(void **state)
{
	drawn(*state, "exam, result", "result");
}

static void proof(void **state)
{
	drawn(*state, "case, proof", "proof");
}

static void walk(void **state)
{
	drawn(*state, "walk, end", "walk");
}

static void advice(void **state)
{
	drawn(*state, "advice", "advice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(home), home_test(question), home_test(answer), home_test(end),
		home_test(exam), home_test(grid),     home_test(result), home_test(proof),
		home_test(walk), home_test(advice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
