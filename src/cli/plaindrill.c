/* plaindrill.c -- evidence drills on the line: what the logs, the metrics and a trace say, a letter
 * for the stage that fails, and then the whole trace with the reasons. */
#include "cli/plainlab.h"
#include "cli/words.h"

#include <assert.h>
#include <string.h>

enum drill_word {
	DRILL_LOG,
	DRILL_METRICS,
	DRILL_TRACE,
	DRILL_WHY,
	DRILL_HELP,
	DRILL_QUIT,
	DRILL_WORD_COUNT
};
static const struct word drill_words[] = {
	[DRILL_LOG] = {"log", 'l', NULL, "the access log again"},
	[DRILL_METRICS] = {"metrics", 'm', NULL, "the metrics again"},
	[DRILL_TRACE] = {"trace", 't', NULL, "the trace again; after the answer the whole of it"},
	[DRILL_WHY] = {"why", 'w', NULL, "after the answer: how the evidence tells"},
	[DRILL_HELP] = {"help", '?', NULL, "this list"},
	[DRILL_QUIT] = {"quit", 'q', NULL, "end the drill; every answer so far is kept"},
};
static_assert(ARRAY_LEN(drill_words) == DRILL_WORD_COUNT, "every command has a row");

struct drill {
	struct plain p;
	struct evidence *evidence;
	struct diags d;
};

static const struct evidence_case *in_front(const struct drill *g)
{
	return evidence_case(g->evidence);
}

static void fail(struct drill *g)
{
	g->p.stop = true;
	g->p.code = EXIT_FAILED;
}

static void say_text(struct drill *g, const char *heading, const char *text)
{
	plain_say(&g->p, "%s:", heading);
	while (*text) {
		int n = (int)strcspn(text, "\n");
		plain_say(&g->p, "%.*s", n, text);
		text += n + (text[n] == '\n');
	}
	plain_gap(&g->p);
}

static const struct lab_fault *fault_of(const struct evidence_case *c)
{
	return &c->drill->lab.faults[c->fault];
}

static const char *stage_name(const struct evidence_case *c, size_t option)
{
	return gw_step_names[c->options[option]];
}

static void say_why(struct drill *g)
{
	const struct evidence_case *c = in_front(g);
	if (c->shown)
		plain_markdown(&g->p, fault_of(c)->why ? fault_of(c)->why : "");
	else
		plain_say(&g->p, "That comes after your answer.");
}

static void say_help(struct drill *g)
{
	if (!in_front(g)->shown)
		plain_say(&g->p, "Answer with the letter of the stage that fails, or 0 to give "
				 "up.");
	for (size_t i = 0; i < ARRAY_LEN(drill_words); i++)
		plain_say(&g->p, "%c, %s: %s.", drill_words[i].letter, drill_words[i].name,
			  drill_words[i].help);
}

static void obey(struct drill *g, int word)
{
	const struct evidence_case *c = in_front(g);
	switch ((enum drill_word)word) {
	case DRILL_LOG:
		say_text(g, "Access log", c->log);
		break;
	case DRILL_METRICS:
		say_text(g, "Metrics", c->metrics);
		break;
	case DRILL_TRACE:
		say_text(g, "Trace", c->shown ? c->answer : c->trace);
		break;
	case DRILL_WHY:
		say_why(g);
		break;
	case DRILL_HELP:
		say_help(g);
		break;
	case DRILL_QUIT:
		g->p.stop = true;
		break;
	case DRILL_WORD_COUNT:
		break;
	}
}

static void say_case(struct drill *g)
{
	const struct evidence_case *c = in_front(g);
	struct arena a = {0};
	int total = evidence_total(g->evidence);
	const char *of = total > 0 ? arena_printf(&a, " of %d", total) : "";
	plain_gap(&g->p);
	plain_say(&g->p, "Case %d%s, --seed %llu: %s.", evidence_number(g->evidence), of,
		  (unsigned long long)c->seed, c->drill->lab.title);
	if (c->drill->lab.about)
		plain_say(&g->p, "%s", c->drill->lab.about);
	plain_gap(&g->p);
	say_text(g, "Access log", c->log);
	say_text(g, "Metrics", c->metrics);
	say_text(g, "Trace", c->trace);
	plain_say(&g->p, "Which stage ends the request?");
	for (size_t i = 0; i < c->option_count; i++)
		plain_say(&g->p, "%c  %s", 'A' + (int)i, stage_name(c, i));
	arena_clear(&a);
}

/* A letter as the number of an option; 0 gives up: -1. */
static bool parse_option(const char *text, size_t count, int *out)
{
	if (str_eq(text, "0")) {
		*out = -1;
		return true;
	}
	*out = (text[0] | 0x20) - 'a';
	return text[0] && !text[1] && *out >= 0 && *out < (int)count;
}

/* A line without blanks around it in p.line; false: a command was obeyed, or it ends. */
static bool read_answer(struct drill *g, const char *prompt)
{
	if (!plain_line(&g->p, prompt)) {
		g->p.stop = true;
		return false;
	}
	struct arena a = {0};
	char *line = str_trim(&a, str_c(&g->p.line));
	str_reset(&g->p.line);
	str_add(&g->p.line, line);
	arena_clear(&a);
	int word = word_find(&g->p, drill_words, DRILL_WORD_COUNT, true, true);
	if (word >= 0)
		obey(g, word);
	return word < 0;
}

static void ask(struct drill *g)
{
	const struct evidence_case *c = in_front(g);
	char prompt[32];
	int option;
	snprintf(prompt, sizeof(prompt), "A to %c: ", 'A' + (int)c->option_count - 1);
	if (!read_answer(g, prompt))
		return;
	if (!parse_option(g->p.arg, c->option_count, &option)) {
		plain_bad_line(&g->p,
			       "One of the letters, 0 to give up, or a command; ? lists them.");
		return;
	}
	g->p.bad_lines = 0;
	if (!evidence_answer(g->evidence, option, &g->d))
		fail(g);
}

static void say_result(struct drill *g)
{
	const struct evidence_case *c = in_front(g);
	if (c->chosen == c->right)
		plain_say(&g->p, "Right: %s.", stage_name(c, (size_t)c->right));
	else
		plain_say(&g->p, "%s It is %c, %s.", c->chosen < 0 ? "Given up." : "Wrong.",
			  'A' + c->right, stage_name(c, (size_t)c->right));
	plain_gap(&g->p);
	say_why(g);
	plain_gap(&g->p);
	say_text(g, "The whole trace", c->answer);
	if (c->due_cards)
		plain_say(&g->p, "%d %s due for review.", c->due_cards,
			  str_plural(c->due_cards, "card became", "cards became"));
}

static void ask_next(struct drill *g)
{
	const struct evidence_case *c = in_front(g);
	while (!g->p.stop && in_front(g) == c && c && c->shown) {
		if (!read_answer(g, "Enter goes on, l log, m metrics, t trace, q quit: "))
			continue;
		if (g->p.arg[0])
			plain_bad_line(&g->p, "Enter, or a command; ? lists them.");
		else if (!evidence_next(g->evidence, &g->d))
			fail(g);
		else
			break;
	}
}

static void drill_all(struct drill *g)
{
	int said = 0, right;
	while (!g->p.stop && in_front(g)) {
		if (said != evidence_number(g->evidence)) {
			said = evidence_number(g->evidence);
			say_case(g);
		}
		ask(g);
		if (!g->p.stop && in_front(g)->shown) {
			say_result(g);
			ask_next(g);
		}
	}
	int done = evidence_done(g->evidence, &right);
	if (done)
		plain_say(&g->p, "%d of %d right.", right, done);
	else
		plain_say(&g->p, "No case was answered.");
}

int plain_evidence(struct call *c, struct study *s, struct lab_shelf *sh,
		   const struct evidence_options *o)
{
	struct drill g = {.evidence = NULL};
	struct evidence_options options = *o;
	plain_init(&g.p, c, s);
	bool ok = evidence_open(&g.evidence, s, sh, &options, &g.d);
	if (!ok && !o->allow_commands && plain_trust(&g.p, &g.d)) {
		options.allow_commands = true;
		ok = evidence_open(&g.evidence, s, sh, &options, &g.d);
	}
	if (ok)
		drill_all(&g);
	else
		g.p.code = EXIT_FAILED;
	evidence_close(g.evidence, &g.d);
	call_report(c, &g.d);
	plain_clear(&g.p);
	return g.p.code;
}

int evidence_print_json(struct call *c, struct study *s, struct lab_shelf *sh,
			const struct evidence_options *o)
{
	struct evidence *e = NULL;
	struct diags d = {0};
	bool ok = evidence_open(&e, s, sh, o, &d);
	while (ok && evidence_case(e)) {
		struct str out = {0};
		evidence_json(&out, evidence_case(e));
		fprintf(c->out, "%s\n", str_c(&out));
		str_clear(&out);
		ok = evidence_next(e, &d);
	}
	evidence_close(e, &d);
	call_report(c, &d);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
