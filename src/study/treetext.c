/* treetext.c -- what both front ends say of trees, as plain text: notes of a node, what a wrong
 * turn says, advice with its reasons, and the matrix as a table. */
#include "study/tree.h"

#include <string.h>

#define MAX_FLIPS 200

static void add_titles(struct str *out, const struct matrix *m, uint64_t features)
{
	const char *sep = "";
	while (features) {
		str_addf(out, "%s%s", sep, m->features[take_bit(&features)].title);
		sep = "; ";
	}
}

static uint64_t lacking(const struct matrix *m, int option)
{
	uint64_t bits = 0;
	for (size_t f = 0; f < m->feature_count; f++)
		if (m->no[f] >> option & 1)
			bits |= UINT64_C(1) << f;
	return bits;
}

void tree_node_notes(struct str *out, const struct dtree *tree, const struct matrix *m, int node)
{
	const struct dnode *n = &tree->nodes[node];
	switch (n->kind) {
	case DNODE_NEED:
		if (!(n->features & (n->features - 1)))
			return;
		str_add(out, "Any of: ");
		add_titles(out, m, n->features);
		break;
	case DNODE_SWITCH:
		str_add(out, "The first of these that holds.");
		return;
	case DNODE_FITS:
		str_addf(out, "%s lacks: ", m->options[n->fits].title);
		add_titles(out, m, lacking(m, n->fits));
		break;
	}
	str_addc(out, '.');
}

void tree_wrong_turn(struct str *out, const struct tree_view *v)
{
	if (v->wrong_step < 0)
		return;
	int node = v->walk->steps[v->wrong_step].node;
	const struct dnode *n = &v->tree->nodes[node];
	struct slice phrase = scenario_deciding(v->scenario, node);
	if (n->why)
		str_addf(out, "%s\n", n->why);
	if (n->trap)
		str_addf(out, "%s\n", n->trap);
	if (phrase.len)
		str_addf(out, "What decides: \"%.*s\"\n", (int)phrase.len, phrase.p);
	else
		str_add(out, "What decides: the case asks for nothing of this.\n");
}

void tree_same_mistake(struct str *out, const struct tree_view *v)
{
	if (v->wrong_step < 0 || !v->before_of)
		return;
	const char *node = v->tree->nodes[v->walk->steps[v->wrong_step].node].id;
	if (v->before_wrong)
		str_addf(out, "%d of your last %d %s cases", v->before_wrong, v->before_of, node);
	else
		str_addf(out, "none in your last %d %s cases", v->before_of, node);
}

/* -- advice ------------------------------------------------------------------------------------ */

static void add_path(struct str *out, const struct tree_view *v)
{
	const struct walk *w = v->walk;
	str_add(out, "How you got here:\n");
	for (size_t i = 0; i < w->count; i++) {
		const struct dnode *n = &v->tree->nodes[w->steps[i].node];
		str_addf(out, "- %s %s.%s%s\n", n->ask,
			 branch_text(v->matrix, n, w->steps[i].taken), n->why ? " " : "",
			 n->why ? n->why : "");
	}
}

/* What is known to be needed, and how the option meets it. */
static void add_reasons(struct str *out, const struct tree_view *v, int option)
{
	uint64_t known = walk_known_needs(v->walk);
	if (!known)
		return;
	str_add(out, "It has what you asked for:\n");
	while (known) {
		const struct feature *f = &v->matrix->features[take_bit(&known)];
		const struct cell *c = &f->cells[option];
		str_addf(out, "- %s.", f->title);
		if (c->why && c->is == CELL_YES)
			str_addf(out, " %s", c->why);
		if (c->since)
			str_addf(out, " (Since %s.)", c->since);
		if (c->cited_count)
			str_addf(out, " Source: %s.", c->cited[0]->title);
		str_addc(out, '\n');
	}
}

static void add_flips(struct str *out, const struct tree_view *v)
{
	struct walk_flip flips[MAX_FLIPS];
	const struct branch *end = walk_end(v->walk);
	size_t n = walk_flips(v->walk, flips, MAX_FLIPS);
	str_add(out, "What would change it:\n");
	for (size_t i = 0; i < n && i < MAX_FLIPS; i++) {
		const struct walk_flip *f = &flips[i];
		const struct dnode *node = &v->tree->nodes[v->walk->steps[f->step].node];
		const char *to =
			f->to == TO_OPTION ? v->matrix->options[f->option].title : "nothing fits";
		bool same = f->to == end->to && (f->to == TO_NONE || f->option == end->index);
		str_addf(out, "- %s %s: ", node->ask, branch_text(v->matrix, node, f->branch));
		if (f->asks >= 0)
			str_addf(out, "then it asks \"%s\"; with nothing else needed, %s",
				 v->tree->nodes[f->asks].ask, to);
		else
			str_add(out, to);
		str_add(out, same ? " again.\n" : ".\n");
	}
}

static void add_sources(struct str *out, const struct tree_view *v)
{
	const struct source *said[MAX_DTREE_NODES];
	size_t n = 0;
	for (size_t i = 0; i < v->walk->count; i++) {
		const struct dnode *node = &v->tree->nodes[v->walk->steps[i].node];
		for (size_t c = 0; c < node->cited_count && n < MAX_DTREE_NODES; c++) {
			size_t k = 0;
			while (k < n && said[k] != node->cited[c])
				k++;
			if (k < n)
				continue;
			said[n++] = node->cited[c];
			str_addf(out, "%s%s: %s\n", n == 1 ? "Sources:\n- " : "- ",
				 node->cited[c]->title, node->cited[c]->url);
		}
	}
}

void tree_advice(struct str *out, const struct tree_view *v)
{
	const struct branch *end = walk_end(v->walk);
	if (!end)
		return;
	if (end->to == TO_OPTION) {
		const struct matrix_option *o = &v->matrix->options[end->index];
		str_addf(out, "Recommended: %s.%s%s\n", o->title, o->note ? " " : "",
			 o->note ? o->note : "");
	} else {
		str_add(out, "Nothing in the table meets all of this. Give up one of the needs, or "
			     "split the work between two.\n");
	}
	add_path(out, v);
	if (end->to == TO_OPTION)
		add_reasons(out, v, end->index);
	add_flips(out, v);
	add_sources(out, v);
}

/* -- the matrix -------------------------------------------------------------------------------- */

/* Text in a cell of a Markdown table. */
static void add_cell_text(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			str_addc(out, '\\');
		str_addc(out, *text);
	}
}

static void add_cell(struct str *out, const struct cell *c)
{
	static const char *const words[] = {
		[CELL_NO] = "-", [CELL_YES] = "yes", [CELL_UNKNOWN] = "?"};
	str_addf(out, " %s", words[c->is]);
	if (c->since)
		str_addf(out, " %s", c->since);
	if (c->exam != c->is)
		str_addf(out, ", exam %s", words[c->exam]);
	str_add(out, " |");
}

static void add_row(struct str *out, const struct matrix *m, int f, bool needed, size_t from,
		    size_t to)
{
	const struct feature *feature = &m->features[f];
	str_add(out, needed ? "| **" : "| ");
	add_cell_text(out, feature->title);
	str_add(out, needed ? "** |" : " |");
	for (size_t o = from; o < to; o++)
		add_cell(out, &feature->cells[o]);
	str_addc(out, '\n');
}

static void add_table(struct str *out, const struct matrix *m, uint64_t needs, size_t from,
		      size_t to)
{
	str_add(out, "| feature |");
	for (size_t o = from; o < to; o++)
		str_addf(out, " %s |", m->options[o].id);
	str_add(out, "\n| --- |");
	for (size_t o = from; o < to; o++)
		str_add(out, " --- |");
	str_addc(out, '\n');
	for (int pass = 0; pass < 2; pass++)
		for (int f = 0; f < (int)m->feature_count; f++)
			if ((needs >> f & 1) == (pass == 0))
				add_row(out, m, f, pass == 0, from, to);
	str_addc(out, '\n');
}

void matrix_table(struct str *out, const struct matrix *m, uint64_t needs, size_t columns)
{
	if (columns < 1)
		columns = 1;
	for (size_t o = 0; o < m->option_count; o++) {
		str_addf(out, "- `%s` ", m->options[o].id);
		add_cell_text(out, m->options[o].title);
		str_addc(out, '\n');
	}
	str_addc(out, '\n');
	for (size_t from = 0; from < m->option_count; from += columns) {
		size_t to = from + columns < m->option_count ? from + columns : m->option_count;
		add_table(out, m, needs, from, to);
	}
}
