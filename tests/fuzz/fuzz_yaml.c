/* fuzz_yaml.c -- any bytes: a tree or errors with places. Every scalar of a tree is written in
 * block and in flow and must read back the same. */
#include "base/yaml.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check_places(const struct diags *d)
{
	require(d->errors > 0);
	for (size_t i = 0; i < d->count; i++)
		require(d->items[i].pos.line >= 1 && d->items[i].pos.col >= 1);
}

static void add_one(struct str *block, struct str *flow, const struct node *scalar)
{
	str_add(block, "\n- ");
	yaml_add_scalar(block, scalar->text, 0);
	str_add(flow, flow->len > 1 ? ", " : "");
	yaml_add_scalar(flow, scalar->text, -1);
}

/* Write all scalars and keys below n. */
static void add_scalars(struct str *block, struct str *flow, const struct node *n)
{
	require(n->line >= 1 && n->col >= 1);
	if (n->key)
		add_one(block, flow, n->key);
	if (n->kind == NODE_TEXT)
		add_one(block, flow, n);
	for (const struct node *child = n->child; child; child = child->next)
		add_scalars(block, flow, child);
}

/* Compare the scalars below n, in the same order, with the list at *next. */
static void compare_scalars(const struct node **next, const struct node *n)
{
	const struct node *scalars[] = {n->key, n->kind == NODE_TEXT ? n : NULL};
	for (size_t i = 0; i < ARRAY_LEN(scalars); i++) {
		if (!scalars[i])
			continue;
		require(*next && str_eq((*next)->text, scalars[i]->text) &&
			(*next)->len == scalars[i]->len);
		*next = (*next)->next;
	}
	for (const struct node *child = n->child; child; child = child->next)
		compare_scalars(next, child);
}

static void check_written(const struct str *text, const struct node *root)
{
	struct arena a = {0};
	struct node *list;
	require(yaml_read(&a, "written", text->p, text->len, &list, NULL));
	const struct node *next = list->child;
	compare_scalars(&next, root);
	require(!next);
	arena_clear(&a);
}

static void check_scalars(const struct node *root)
{
	struct str block = {0}, flow = {0};
	str_addc(&flow, '[');
	add_scalars(&block, &flow, root);
	str_addc(&flow, ']');
	if (block.len) { /* else there are no scalars */
		str_addc(&block, '\n');
		check_written(&block, root);
		check_written(&flow, root);
	}
	str_clear(&block);
	str_clear(&flow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	if (yaml_read(&a, "fuzz", (const char *)data, size, &root, &d)) {
		require(d.errors == 0);
		check_scalars(root);
	} else {
		check_places(&d);
	}
	diags_clear(&d);
	arena_clear(&a);
	return 0;
}
