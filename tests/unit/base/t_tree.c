/* t_tree.c -- trees built by hand: looking up, replacing, comparing. */
#include "base/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct node *scalar(struct arena *a, enum node_kind kind, const char *text)
{
	struct node *n = node_new_text(a, text);
	n->kind = kind;
	return n;
}

static void test_get(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *map = node_new(&a, NODE_MAP);
	assert_null(node_get(map, "a"));
	node_set(&a, map, "a", node_new_text(&a, "1"));
	node_set(&a, map, "", node_new_text(&a, "2"));
	node_set(&a, map, "ab", node_new_text(&a, "3"));
	assert_string_equal(node_get(map, "a")->text, "1");
	assert_string_equal(node_get(map, "")->text, "2");
	assert_string_equal(node_text(map, "ab"), "3");
	assert_null(node_get(map, "abc"));
	assert_null(node_get(map, "A"));
	assert_null(node_get(NULL, "a"));
	assert_null(node_get(node_get(map, "a"), "a"));
	assert_int_equal(map->count, 3);
	arena_clear(&a);
}

static void test_text_of_kinds(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *map = node_new(&a, NODE_MAP);
	node_set(&a, map, "null", scalar(&a, NODE_NULL, "null"));
	node_set(&a, map, "number", scalar(&a, NODE_NUMBER, "2.50"));
	node_set(&a, map, "bool", scalar(&a, NODE_BOOL, "true"));
	node_set(&a, map, "list", node_new(&a, NODE_LIST));
	assert_null(node_text(map, "null"));
	assert_null(node_text(map, "list"));
	assert_null(node_text(map, "absent"));
	assert_string_equal(node_text(map, "number"), "2.50");
	assert_string_equal(node_text(map, "bool"), "true");
	arena_clear(&a);
}

static void test_set_replaces_in_place(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *map = node_new(&a, NODE_MAP);
	node_set(&a, map, "a", node_new_text(&a, "1"));
	node_set(&a, map, "b", node_new_text(&a, "2"));
	node_set(&a, map, "c", node_new_text(&a, "3"));
	node_set(&a, map, "b", node_new(&a, NODE_LIST));
	assert_int_equal(map->count, 3);
	const struct node *second = map->child->next;
	assert_string_equal(second->key->text, "b");
	assert_int_equal(second->kind, NODE_LIST);
	assert_string_equal(second->next->key->text, "c");
	assert_null(second->next->next);
	arena_clear(&a);
}

static struct node *sample(struct arena *a, const char *last)
{
	struct node *map = node_new(a, NODE_MAP);
	struct node *list = node_new(a, NODE_LIST);
	node_append(list, node_new_text(a, "x"));
	node_append(list, scalar(a, NODE_NUMBER, "1"));
	node_append(list, node_new_text(a, last));
	node_set(a, map, "list", list);
	node_set(a, map, "empty", node_new(a, NODE_MAP));
	return map;
}

static void test_equal(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *one = sample(&a, "y");
	struct node *two = sample(&a, "y");
	two->line = 7;
	two->plain = true;
	assert_true(node_equal(one, two));
	assert_true(node_equal(NULL, NULL));
	assert_false(node_equal(one, NULL));
	assert_false(node_equal(one, sample(&a, "z")));
	assert_false(node_equal(one->child, two->child->next));
	node_append(two->child, node_new_text(&a, "more"));
	assert_false(node_equal(one, two));
	arena_clear(&a);
}

static void test_equal_sees_kind_key_and_order(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_false(node_equal(node_new_text(&a, "1"), scalar(&a, NODE_NUMBER, "1")));
	assert_false(node_equal(node_new(&a, NODE_LIST), node_new(&a, NODE_MAP)));
	struct node *ab = node_new(&a, NODE_MAP);
	struct node *ba = node_new(&a, NODE_MAP);
	struct node *ac = node_new(&a, NODE_MAP);
	node_set(&a, ab, "a", node_new_text(&a, ""));
	node_set(&a, ab, "b", node_new_text(&a, ""));
	node_set(&a, ba, "b", node_new_text(&a, ""));
	node_set(&a, ba, "a", node_new_text(&a, ""));
	node_set(&a, ac, "a", node_new_text(&a, ""));
	node_set(&a, ac, "c", node_new_text(&a, ""));
	assert_false(node_equal(ab, ba));
	assert_false(node_equal(ab, ac));
	arena_clear(&a);
}

static void test_names_and_positions(void **state)
{
	(void)state;
	for (int k = NODE_NULL; k <= NODE_MAP; k++)
		assert_true(strlen(node_kind_name((enum node_kind)k)) > 0);
	struct node n = {.line = 3, .col = 9};
	struct pos at = node_pos(&n, "f");
	assert_string_equal(at.file, "f");
	assert_int_equal(at.line, 3);
	assert_int_equal(at.col, 9);
	assert_int_equal(node_pos(NULL, "f").line, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_text_of_kinds),
		cmocka_unit_test(test_set_replaces_in_place),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_equal_sees_kind_key_and_order),
		cmocka_unit_test(test_names_and_positions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
