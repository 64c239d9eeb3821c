/* deckyaml.c -- see deckyaml.h. The tree is written as it is, whatever its keys hold: maps and
 * lists as blocks, but lists of short words in brackets, as people write tags, columns and rows. */
#include "exchange/deckyaml.h"

#include "base/yaml.h"
#include "deck/keys.h"

#include <string.h>

#define MAX_FLOW 90 /* columns of what stands in brackets */

static void end_line(struct str *out)
{
	if (!out->len || out->p[out->len - 1] != '\n')
		str_addc(out, '\n');
}

static void indent(struct str *out, int col)
{
	str_addf(out, "%*s", col, "");
}

static bool is_scalar(const struct node *n)
{
	return n->kind != NODE_LIST && n->kind != NODE_MAP;
}

/* Scalars that fit on one line in brackets. */
static bool fits_flow(const struct node *n)
{
	size_t len = 0;
	if (!n->count)
		return true;
	for (const struct node *e = n->child; e; e = e->next) {
		if (!is_scalar(e) || memchr(e->text, '\n', e->len))
			return false;
		len += e->len + 4 + (n->kind == NODE_MAP ? e->key->len : 0);
	}
	return len <= MAX_FLOW;
}

static void add_flow(struct str *out, const struct node *n)
{
	str_addc(out, n->kind == NODE_MAP ? '{' : '[');
	for (const struct node *e = n->child; e; e = e->next) {
		if (n->kind == NODE_MAP) {
			yaml_add_scalar(out, e->key->text, -1);
			str_add(out, ": ");
		}
		yaml_add_scalar(out, e->text, -1);
		if (e->next)
			str_add(out, ", ");
	}
	str_addc(out, n->kind == NODE_MAP ? '}' : ']');
}

static void add_map(struct str *out, const struct node *map, int col, bool same);
static void add_list(struct str *out, const struct node *list, int col);

/* What follows "key:" of a map at column col. */
static void add_value(struct str *out, const struct node *n, int col)
{
	if (is_scalar(n)) {
		str_addc(out, ' ');
		yaml_add_scalar(out, n->text, col);
	} else if (n->kind == NODE_MAP && !fits_flow(n)) {
		str_addc(out, '\n');
		add_map(out, n, col + 2, false);
	} else if (n->kind == NODE_LIST && !fits_flow(n)) {
		str_addc(out, '\n');
		add_list(out, n, col);
	} else {
		str_addc(out, ' ');
		add_flow(out, n);
	}
	end_line(out);
}

static void add_list(struct str *out, const struct node *list, int col)
{
	for (const struct node *e = list->child; e; e = e->next) {
		indent(out, col);
		str_add(out, "- ");
		if (e->kind == NODE_MAP && e->count)
			add_map(out, e, col + 2, true);
		else if (is_scalar(e))
			yaml_add_scalar(out, e->text, col);
		else
			add_flow(out, e);
		end_line(out);
	}
}

/* same: the first key goes on in the line. */
static void add_map(struct str *out, const struct node *map, int col, bool same)
{
	for (const struct node *e = map->child; e; e = e->next) {
		if (!same || e != map->child)
			indent(out, col);
		yaml_add_scalar(out, e->key->text, -1);
		str_addc(out, ':');
		add_value(out, e, col);
	}
}

void deckyaml_head(struct str *out, const struct node *head)
{
	for (int id = K_DECK_DECK; id < K_DECK_CARDS; id++) {
		const char *name = deck_keys[id].name;
		const struct node *n = node_get(head, name);
		if (id == K_DECK_FORMAT) {
			str_add(out, "format: 1\n");
		} else if (n && (is_scalar(n) || n->count)) {
			str_addf(out, "%s:", name);
			if (id == K_DECK_SOURCES) {
				str_addc(out, '\n');
				add_map(out, n, 2, false);
			} else {
				add_value(out, n, 0);
			}
		}
	}
	str_add(out, "cards:\n");
}

void deckyaml_card(struct str *out, const struct node *card, bool first)
{
	bool begun = false;
	if (!first &&
	    !(out->len > 1 && out->p[out->len - 1] == '\n' && out->p[out->len - 2] == '\n'))
		str_addc(out, '\n');
	for (int id = K_ID; id <= K_WAS; id++) {
		const struct node *n = node_get(card, deck_keys[id].name);
		if (!n || (!is_scalar(n) && !n->count))
			continue;
		str_addf(out, "%s%s:", begun ? "  " : "- ", deck_keys[id].name);
		add_value(out, n, 2);
		begun = true;
	}
}
