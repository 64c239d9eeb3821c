/* tree.c -- `gatedrill tree`: the list of trees, cases as JSON, and the line front end of sessions
 * with a tree (study/tree.h). Answers are letters, numbers, y and n; a command is a word or its
 * letter, with a colon before it or not, for none of them can be an answer. */
#include "study/tree.h"

#include "base/json.h"
#include "cli/plain.h"
#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TREE_CASES 100000

/* -- the list ---------------------------------------------------------------------------------- */

static void list_text(struct call *c, const struct shelf *sh)
{
	static const char *const headings[] = {"tree", "title", "progress"};
	struct rows r;
	rows_init(&r, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < sh->count; i++) {
		struct str s = {0};
		shelf_progress(&s, &sh->trees[i]);
		rows_text(&r, sh->trees[i].tree.id);
		rows_text(&r, sh->trees[i].tree.title);
		rows_text(&r, str_c(&s));
		str_clear(&s);
	}
	rows_print(&r, c->out);
	rows_clear(&r);
}

static void node_json(struct json_out *j, const struct shelf_tree *t, size_t i)
{
	const struct node_record *r = &t->nodes[i];
	int of;
	int wrong = node_wrong_of_last(r, NODE_WINDOW, &of);
	json_object(j, NULL);
	json_text(j, "node", t->tree.nodes[i].id);
	json_text(j, "ask", t->tree.nodes[i].ask);
	json_int(j, "answers", r->total);
	json_int(j, "right", r->total_right);
	json_int(j, "last", of);
	json_int(j, "last_wrong", wrong);
	json_bool(j, "weak", node_is_weak(r));
	json_end(j);
}

static void tree_json(struct json_out *j, const struct shelf_tree *t)
{
	json_object(j, NULL);
	json_text(j, "tree", t->tree.id);
	json_text(j, "title", t->tree.title);
	json_text(j, "matrix", t->matrix->id);
	json_int(j, "walks", t->walks);
	json_int(j, "walks_right", t->walks_right);
	json_int(j, "drills", t->drills);
	json_int(j, "drills_right", t->drills_right);
	json_text(j, "weakest", t->weakest >= 0 ? t->tree.nodes[t->weakest].id : NULL);
	json_list(j, "nodes");
	for (size_t i = 0; i < t->tree.node_count; i++)
		node_json(j, t, i);
	json_end(j);
	json_end(j);
}

static void list_json(struct call *c, const struct shelf *sh, const struct shelf_tree *only)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	if (only) {
		tree_json(&j, only);
	} else {
		json_list(&j, NULL);
		for (size_t i = 0; i < sh->count; i++)
			tree_json(&j, &sh->trees[i]);
		json_end(&j);
	}
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

/* -- cases as JSON ----------------------------------------------------------------------------- */

/* One case a line, as a session with this seed would ask them; nothing is stored. */
static int print_cases(struct call *c, struct study *s, struct shelf_tree *t,
		       const struct tree_options *o, struct diags *d)
{
	struct bank b;
	struct scenario sc = {0};
	uint64_t seed = o->has_seed ? o->seed : s->seed;
	int code = EXIT_FAILED;
	bank_init(&b, &t->tree, t->matrix);
	for (int i = 0; i < (o->cases > 0 ? o->cases : 1); i++) {
		struct str out = {0};
		int flip = o->flip && i == 0 ? matrix_feature(t->matrix, o->flip) : -1;
		uint64_t at = i ? hash_mix(seed, (uint64_t)i) : seed;
		bool ok = o->flip && i == 0 ? scenario_flip(&sc, &b, at, flip)
					    : scenario_make(&sc, &b, at);
		if (!ok) {
			diag_fail(d, "tree-empty", "%s has no such case", t->tree.id);
			break;
		}
		scenario_json(&out, &sc);
		fprintf(c->out, "%s\n", str_c(&out));
		str_clear(&out);
		code = EXIT_DONE;
	}
	scenario_clear(&sc);
	bank_clear(&b);
	return code;
}

/* -- a session --------------------------------------------------------------------------------- */

enum tree_command { TREE_CMD_WHY, TREE_CMD_MATRIX, TREE_CMD_BACK, TREE_CMD_HELP, TREE_CMD_QUIT };
static const struct {
	const char *name, *other, *help;
	enum tree_command command;
} tree_commands[] = {
	{"w", "why", "the proof: why the answer is right and each other option fails",
	 TREE_CMD_WHY},
	{"m", "matrix", "the table behind the tree", TREE_CMD_MATRIX},
	{"u", "undo", "take the last answer back; so does back", TREE_CMD_BACK},
	{"back", "back", NULL, TREE_CMD_BACK},
	{"?", "help", "this list", TREE_CMD_HELP},
	{"h", "help", NULL, TREE_CMD_HELP},
	{"q", "quit", "end the session; every answer so far is kept", TREE_CMD_QUIT},
};

struct talk {
	struct plain p;
	struct tree_session *session;
	struct diags d;
};

static const struct tree_view *view(const struct talk *t)
{
	return tree_view(t->session);
}

/* Each line of a text as a sentence of its own. */
static void say_lines(struct talk *t, const char *text)
{
	while (*text) {
		int n = (int)strcspn(text, "\n");
		plain_say(&t->p, "%.*s", n, text);
		text += n + (text[n] == '\n');
	}
}

static void fail(struct talk *t)
{
	t->p.stop = true;
	t->p.code = EXIT_FAILED;
}

static void say_why(struct talk *t)
{
	const struct tree_view *v = view(t);
	struct str s = {0};
	if (v->mode == TREE_ADVISE) {
		if (v->walk->node >= 0 && v->tree->nodes[v->walk->node].why)
			str_add(&s, v->tree->nodes[v->walk->node].why);
		else if (v->stage == TREE_SHOWN)
			tree_advice(&s, v);
		else
			str_add(&s, "Nothing more is said of this question.");
	} else if (v->stage == TREE_SHOWN) {
		scenario_proof(&s, v->scenario);
	} else {
		str_add(&s, "The proof comes after your answer.");
	}
	say_lines(t, str_c(&s));
	str_clear(&s);
}

static void say_matrix(struct talk *t)
{
	const struct tree_view *v = view(t);
	struct str s = {0};
	bool known = v->scenario && v->stage == TREE_SHOWN;
	matrix_table(&s, v->matrix, known ? v->scenario->needs : 0, 4);
	plain_markdown(&t->p, str_c(&s));
	str_clear(&s);
}

static void say_help(struct talk *t)
{
	const struct tree_view *v = view(t);
	if (v->stage == TREE_ASK)
		plain_say(&t->p, "Answer with %s.",
			  v->mode == TREE_DRILL ? "a letter, or 0 to give up"
						: "y or n, or the number of a branch");
	for (size_t i = 0; i < ARRAY_LEN(tree_commands); i++)
		if (tree_commands[i].help)
			plain_say(&t->p, "%s, %s: %s.", tree_commands[i].name,
				  tree_commands[i].other, tree_commands[i].help);
}

static void take_back(struct talk *t)
{
	const char *what;
	if (!tree_back(t->session, &what, &t->d))
		fail(t);
	else if (what)
		plain_say(&t->p, "Taken back: %s.", what);
	else
		plain_say(&t->p, "There is nothing to take back.");
}

static void run_command(struct talk *t, enum tree_command command)
{
	switch (command) {
	case TREE_CMD_WHY:
		say_why(t);
		break;
	case TREE_CMD_MATRIX:
		say_matrix(t);
		break;
	case TREE_CMD_BACK:
		take_back(t);
		break;
	case TREE_CMD_HELP:
		say_help(t);
		break;
	case TREE_CMD_QUIT:
		t->p.stop = true;
		break;
	}
}

/* An answer in p.arg, without blanks around it; false: a command was run, or the session ends. */
static bool read_answer(struct talk *t, const char *prompt)
{
	struct arena a = {0};
	if (!plain_line(&t->p, prompt)) {
		t->p.stop = true;
		return false;
	}
	const char *text = str_trim(&a, str_c(&t->p.line));
	for (size_t i = 0; i < ARRAY_LEN(tree_commands); i++) {
		const char *word = text + (*text == ':');
		if (!str_eq(word, tree_commands[i].name) && !str_eq(word, tree_commands[i].other))
			continue;
		run_command(t, tree_commands[i].command);
		arena_clear(&a);
		return false;
	}
	char *line = xstrdup(text);
	str_reset(&t->p.line);
	str_add(&t->p.line, line);
	free(line);
	t->p.arg = str_c(&t->p.line);
	arena_clear(&a);
	return true;
}

/* -- asking ------------------------------------------------------------------------------------ */

static void say_case(struct talk *t)
{
	const struct tree_view *v = view(t);
	const struct scenario *s = v->scenario;
	const char *flip = s->flip >= 0 ? v->matrix->features[s->flip].id : NULL;
	struct str of = {0};
	if (v->total > 0)
		str_addf(&of, " of %d", v->total);
	plain_gap(&t->p);
	plain_say(&t->p, "Case %d%s, --seed %llu%s%s.", v->number, str_c(&of),
		  (unsigned long long)s->seed, flip ? " --flip " : "", flip ? flip : "");
	str_clear(&of);
	if (v->before)
		plain_say(&t->p, "The same story with one fact changed.");
	plain_say(&t->p, "%s", str_c(&s->text));
}

static void say_options(struct talk *t)
{
	const struct scenario *s = view(t)->scenario;
	plain_say(&t->p, "%s", s->matrix->question);
	for (size_t i = 0; i < s->shown_count; i++)
		plain_say(&t->p, "%c  %s", 'A' + (int)i,
			  s->matrix->options[s->shown[i].option].title);
}

/* A letter as the number of an option; 0 gives up: -1. False: neither. */
static bool parse_option(const char *text, size_t count, int *out)
{
	int c = text[0] | 0x20;
	if (text[0] == '0' && !text[1]) {
		*out = -1;
		return true;
	}
	*out = c - 'a';
	return text[0] && !text[1] && *out >= 0 && *out < (int)count;
}

static bool parse_branch(const char *text, const struct dnode *n, int *out)
{
	long long number;
	if (n->kind == DNODE_SWITCH) {
		if (!str_to_i64(text, 1, (long long)n->branch_count, &number))
			return false;
		*out = (int)number - 1;
		return true;
	}
	bool yes = str_eq(text, "y") || str_eq(text, "Y") || str_eq(text, "yes");
	*out = yes ? 0 : 1;
	return yes || str_eq(text, "n") || str_eq(text, "N") || str_eq(text, "no");
}

static void take(struct talk *t, int i)
{
	t->p.bad_lines = 0;
	if (!tree_take(t->session, i, &t->d))
		fail(t);
}

static void ask_option(struct talk *t)
{
	const struct scenario *s = view(t)->scenario;
	char prompt[32];
	int i;
	snprintf(prompt, sizeof(prompt), "A to %c: ", 'A' + (int)s->shown_count - 1);
	if (!read_answer(t, prompt))
		return;
	if (parse_option(t->p.arg, s->shown_count, &i))
		take(t, i);
	else
		plain_bad_line(&t->p, "One of the letters, 0 to give up, or a command; ? lists "
				      "them.");
}

static void say_node(struct talk *t)
{
	const struct tree_view *v = view(t);
	const struct dnode *n = &v->tree->nodes[v->walk->node];
	plain_say(&t->p, "%s", n->ask);
	if (v->mode == TREE_ADVISE) {
		struct str notes = {0};
		tree_node_notes(&notes, v->tree, v->matrix, v->walk->node);
		if (notes.len)
			plain_say(&t->p, "%s", str_c(&notes));
		str_clear(&notes);
	}
	if (n->kind == DNODE_SWITCH)
		for (size_t i = 0; i < n->branch_count; i++)
			plain_say(&t->p, "%zu  %s", i + 1, branch_text(v->matrix, n, (int)i));
}

static void ask_branch(struct talk *t)
{
	const struct tree_view *v = view(t);
	const struct dnode *n = &v->tree->nodes[v->walk->node];
	char prompt[32];
	int i;
	say_node(t);
	if (n->kind == DNODE_SWITCH)
		snprintf(prompt, sizeof(prompt), "1 to %zu: ", n->branch_count);
	else
		snprintf(prompt, sizeof(prompt), "y or n: ");
	if (!read_answer(t, prompt))
		return;
	if (parse_branch(t->p.arg, n, &i))
		take(t, i);
	else
		plain_bad_line(&t->p, n->kind == DNODE_SWITCH
					      ? "A number of the list, or a command; ? lists them."
					      : "y or n, or a command; ? lists them.");
}

/* -- results ----------------------------------------------------------------------------------- */

static void say_option_result(struct talk *t)
{
	const struct tree_view *v = view(t);
	const struct scenario *s = v->scenario;
	struct str why = {0};
	if (v->right) {
		plain_say(&t->p, "Right.");
	} else {
		plain_say(&t->p, "%s The answer is %c, %s.", v->chosen < 0 ? "Given up." : "Wrong.",
			  'A' + (int)s->right, s->matrix->options[s->answer].title);
		if (v->chosen >= 0) {
			scenario_why(&why, s, (size_t)v->chosen);
			plain_say(&t->p, "%c %s", 'A' + v->chosen, str_c(&why));
		}
	}
	str_clear(&why);
}

static void say_step(struct talk *t, size_t i)
{
	const struct tree_view *v = view(t);
	const struct walk_step *s = &v->walk->steps[i];
	const struct dnode *n = &v->tree->nodes[s->node];
	const char *sign = (int)i == v->wrong_step  ? "first wrong turn"
			   : s->taken != s->right   ? "wrong"
			   : s->on_path || v->right ? "right"
						    : "right, but off the path";
	plain_say(&t->p, "- %s You: %s, %s.", n->ask, branch_text(v->matrix, n, s->taken), sign);
}

static void say_walk_result(struct talk *t)
{
	const struct tree_view *v = view(t);
	const struct branch *end = walk_end(v->walk);
	struct str s = {0};
	const char *answer = v->matrix->options[v->scenario->answer].title;
	if (v->right) {
		plain_say(&t->p, "Right, every turn: %s.", answer);
		return;
	}
	for (size_t i = 0; i < v->walk->count; i++)
		say_step(t, i);
	tree_wrong_turn(&s, v);
	say_lines(t, str_c(&s));
	plain_say(&t->p, "The answer is %s. You ended at %s%s.", answer,
		  branch_end_text(v->tree, v->matrix, end),
		  end->to == TO_OPTION && end->index == v->scenario->answer ? ", by luck" : "");
	str_reset(&s);
	tree_same_mistake(&s, v);
	if (s.len)
		plain_say(&t->p, "Same mistake before: %s.", str_c(&s));
	str_clear(&s);
}

static void say_result(struct talk *t)
{
	const struct tree_view *v = view(t);
	struct str s = {0};
	switch (v->mode) {
	case TREE_ADVISE:
		tree_advice(&s, v);
		plain_gap(&t->p);
		say_lines(t, str_c(&s));
		break;
	case TREE_DRILL:
		say_option_result(t);
		break;
	case TREE_WALK:
	case TREE_MODE_COUNT:
		say_walk_result(t);
		break;
	}
	str_clear(&s);
	if (v->due_cards)
		plain_say(&t->p, "%d %s due for review.", v->due_cards,
			  str_plural(v->due_cards, "card became", "cards became"));
	if (v->pair_next)
		plain_say(&t->p, "The next case keeps this story and changes one fact.");
}

/* After a result: on, or a command. True: the answer was taken back. */
static void ask_next(struct talk *t)
{
	const struct tree_view *v = view(t);
	bool advise = v->mode == TREE_ADVISE;
	const char *prompt = advise ? "Enter ends, m matrix, u undo: "
				    : "Enter goes on, w why, m matrix, u undo, q quit: ";
	while (!t->p.stop && view(t)->stage == TREE_SHOWN) {
		if (!read_answer(t, prompt))
			continue;
		if (t->p.arg[0])
			plain_bad_line(&t->p, "Enter, or a command; ? lists them.");
		else if (!tree_next(t->session, &t->d))
			fail(t);
	}
}

static void say_end(struct talk *t)
{
	const struct tree_view *v = view(t);
	if (v->mode == TREE_ADVISE)
		return;
	if (v->done)
		plain_say(&t->p, "%d of %d right.", v->done_right, v->done);
	else
		plain_say(&t->p, "No case was answered.");
}

static void talk_session(struct talk *t)
{
	int said = -1;
	while (!t->p.stop && view(t)->stage != TREE_DONE) {
		const struct tree_view *v = view(t);
		if (v->mode != TREE_ADVISE && v->number != said) {
			said = v->number;
			say_case(t);
			if (v->mode == TREE_DRILL)
				say_options(t);
		}
		if (v->mode == TREE_DRILL)
			ask_option(t);
		else
			ask_branch(t);
		if (!t->p.stop && view(t)->stage == TREE_SHOWN) {
			say_result(t);
			ask_next(t);
		}
	}
	say_end(t);
}

static int plain_tree(struct call *c, struct study *s, struct shelf_tree *tree,
		      const struct tree_options *o, struct diags *d)
{
	struct talk t = {0};
	plain_init(&t.p, c, s);
	if (tree_open(&t.session, s, tree, o, &t.d))
		talk_session(&t);
	else
		t.p.code = EXIT_FAILED;
	tree_close(t.session, &t.d);
	diags_append(d, &t.d);
	diags_clear(&t.d);
	plain_clear(&t.p);
	return t.p.code;
}

/* -- the command ------------------------------------------------------------------------------- */

static bool read_cases(struct call *c, enum flag_id f, int *out)
{
	long long n;
	if (!str_to_i64(c->value[f], 1, MAX_TREE_CASES, &n)) {
		call_usage(c, "--%s takes a number of cases from 1 to %d", flags[f].name,
			   MAX_TREE_CASES);
		return false;
	}
	*out = (int)n;
	return true;
}

/* What the flags ask for. A seed alone is one case of a drill. */
static bool read_options(struct call *c, struct tree_options *o)
{
	bool drill = call_has(c, FLAG_DRILL), walk = call_has(c, FLAG_WALK);
	*o = (struct tree_options){
		.mode = walk                   ? TREE_WALK
			: drill || c->has_seed ? TREE_DRILL
					       : TREE_ADVISE,
		.cases = 1,
		.has_seed = c->has_seed,
		.seed = c->seed,
		.flip = c->value[FLAG_FLIP],
		.focus = c->value[FLAG_NODE],
	};
	if (drill && walk)
		call_usage(c, "--drill and --walk are two different things: take one");
	else if (o->flip && !c->has_seed)
		call_usage(c, "--flip turns a fact over in the case of --seed");
	else if (o->focus && !walk)
		call_usage(c, "--node is for --walk");
	else
		return (!drill || read_cases(c, FLAG_DRILL, &o->cases)) &&
		       (!walk || read_cases(c, FLAG_WALK, &o->cases));
	return false;
}

static int no_tree(struct call *c, const struct shelf *sh, const char *id)
{
	const char *near = shelf_suggest(sh, id);
	if (near)
		return call_usage(c, "there is no tree \"%s\"; did you mean \"%s\"?", id, near);
	return call_usage(c, "there is no tree \"%s\"; `gatedrill tree` lists them", id);
}

static int show_screen(struct call *c, struct study *s, const struct tree_options *o,
		       const char *id, struct diags *d)
{
	struct start start = {.tree = o, .tree_id = id, .no_colour = call_no_colour(c)};
	return c->host->tui(s, &start, d);
}

static int use_tree(struct call *c, struct study *s, struct shelf *sh, const struct tree_options *o,
		    struct diags *d)
{
	const char *id = c->arg_count ? c->args[0] : NULL;
	struct shelf_tree *tree = id ? shelf_find(sh, id) : NULL;
	if (id && !tree)
		return no_tree(c, sh, id);
	if (!tree && (o->mode != TREE_ADVISE || c->arg_count))
		return call_usage(c, "which tree? `gatedrill tree` lists them");
	if (call_has(c, FLAG_JSON) && o->mode != TREE_ADVISE)
		return print_cases(c, s, tree, o, d);
	if (call_has(c, FLAG_JSON)) {
		list_json(c, sh, tree);
		return EXIT_DONE;
	}
	if (!c->plain)
		return show_screen(c, s, o, id, d);
	if (tree)
		return plain_tree(c, s, tree, o, d);
	list_text(c, sh);
	return EXIT_DONE;
}

int run_tree(struct call *c)
{
	struct tree_options o;
	struct study s;
	struct shelf sh;
	struct diags d = {0};
	int code = EXIT_USAGE;
	if (c->arg_count > 1)
		return call_usage(c, "one tree at a time");
	if (!read_options(c, &o) || !call_open(c, &s, &code))
		return code;
	code = EXIT_FAILED;
	if (shelf_open(&sh, &s, &d)) {
		call_report(c, &d);
		code = use_tree(c, &s, &sh, &o, &d);
		shelf_clear(&sh);
	}
	call_report(c, &d);
	study_close(&s);
	return code;
}
