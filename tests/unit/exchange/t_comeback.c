/* t_comeback.c -- one's own export comes back as it was: every kind of card, every key, every
 * format that can hold it. */
#include "exchange/export.h"
#include "tests/unit/exchange/comeback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ALL ((1u << CARD_KIND_COUNT) - 1)
#define IN_GIFT (1u << CARD_CHOICE | 1u << CARD_TRUEFALSE | 1u << CARD_MATCHING | 1u << CARD_TYPED)

/* What texts are hard to carry: marks of every format, white space, brackets, comments, holes. */
static const char hard[] =
	"deck: hard\n"
	"title: \"Hard: a # title, 'quoted'\"\n"
	"about: |-\n  Two\n\n  *paragraphs* <!-- and a comment -->\n"
	"format: 1\n"
	"exam: {dva-c02: [\"1.1\", \"4.2\"], dva-c03: \"1.1\"}\n"
	"tags: [deck-tag, other]\n"
	"sources:\n"
	"  page: {title: \"A \\\"page\\\" & more\", url: \"https://example.com/?a=1&b=2\", "
	"checked: "
	"2026-11-18}\n"
	"  unused: {title: Unused, url: \"https://example.com/unused\"}\n"
	"  third: {title: Third, url: \"https://example.com/third\"}\n"
	"cards:\n"
	"- id: all-keys\n"
	"  kind: basic\n"
	"  tags: [own-tag, deck-tag]\n"
	"  exam: {dva-c02: \"2.1\"}\n"
	"  front: \"=cmd() <b>bold</b> & \\\"quoted\\\", `code`; a\\ttab\"\n"
	"  back: |-\n"
	"    - one\n"
	"    - two\n"
	"\n"
	"    -- three {{c1::no hole}} -->\n"
	"\n"
	"    **Back:**\n"
	"    ## no heading\n"
	"    # nor this\n"
	"    <!-- gatedrill card {} -->\n"
	"    \\**Front:**\n"
	"  hint: \"A hint with # and ~ and = and { and } and : and \\\\ .\"\n"
	"  why: |-\n    Because.\n\n    Twice.\n"
	"  lore: They say so.\n"
	"  source: [third, page]\n"
	"  proof: facts/second\n"
	"  claims: [F001, \"F 2\"]\n"
	"  was: former\n"
	"- {id: both, kind: reversed, front: \"#left\", back: \"**right**\", why: The reason.}\n"
	"- id: holes\n"
	"  kind: cloze\n"
	"  text: |-\n"
	"    Path {{c1::${stage.fn}}} and {{c3::two::a hint}}, {{c1::`x`}}\n"
	"\n"
	"    | a | b |\n"
	"    |---|---|\n"
	"    | {{c2::1}} | 2 |\n"
	"- id: grid\n"
	"  kind: table\n"
	"  title: A grid | with a bar\n"
	"  columns: {a: \"Alpha | <i>\", b: Beta}\n"
	"  rows:\n"
	"    one: [First, \"1a, \\\"quoted\\\"\", \"1b | bar\"]\n"
	"    two: [Second, \"`2a`\", \"#2b\"]\n"
	"  ask: cell\n"
	"- {id: whole, kind: table, title: Whole, columns: {a: A}, rows: {r: [R, x]}, ask: all}\n"
	"- {id: by-row, kind: table, title: Rows, columns: {a: A}, rows: {r: [R, x]}, ask: row}\n"
	"- {id: said, kind: truefalse, statement: \"It is {so} = ~ : \\\\n.\", answer: false, why: "
	"\"It # is not.\"}\n"
	"- {id: so, kind: truefalse, statement: It is., answer: true, why: It is.}\n"
	"- id: pick\n"
	"  kind: choice\n"
	"  question: \"Which ones? {~=#:}\\n\\nSecond paragraph.\"\n"
	"  choose: 2\n"
	"  options:\n"
	"  - {text: A right one, right: true, why: It is right.}\n"
	"  - {text: \"A wrong one: {~} # =x\", why: \"It is wrong: #2.\"}\n"
	"  - {text: Another right one, right: true}\n"
	"  - {text: \"Several\\nlines\"}\n"
	"- id: one\n"
	"  kind: choice\n"
	"  question: Which?\n"
	"  options:\n"
	"  - {text: \"2 & 3\", why: No.}\n"
	"  - {text: \"2 < 3\", right: true, why: Yes.}\n"
	"  source: page\n"
	"- id: pairs\n"
	"  kind: matching\n"
	"  question: Match them.\n"
	"  pairs:\n"
	"  - {left: \"Left = one\", right: \"Right -> 1\"}\n"
	"  - {left: Two, right: Right 2}\n"
	"  - {left: Three, right: Right 2}\n"
	"  decoys: [Neither, \"Nor: {this}\"]\n"
	"- {id: steps, kind: ordering, question: In which order?, items: [First, \"Second, then\", "
	"Third]}\n"
	"- {id: word, kind: typed, question: \"What is it called?\\n\\n- a list\", accept: ['a ?p "
	"?i', "
	"plain, '\\d{2}#~'], show: API, hint: Three letters.}\n";

/* A second deck of the same title. */
static const char twin[] =
	"deck: twin\ntitle: \"Hard: a # title, 'quoted'\"\nformat: 1\nsources:\n"
	"  page: {title: Another page, url: \"https://example.org/\"}\ncards:\n"
	"- {id: all-keys, kind: basic, front: f, back: b, source: page}\n"
	"- {id: grid, kind: table, title: T, columns: {a: A}, rows: {r: [R, x], s: [S, y]}, ask: "
	"cell}\n";

static void read_deck(struct deck *out, const char *yaml)
{
	struct diags d = {0};
	if (!deck_read(out, NULL, yaml, strlen(yaml), &d))
		fail_msg("%d:%d %s", d.items[0].pos.line, d.items[0].pos.col, diags_first(&d));
}

static void write_out(const struct deck *decks, size_t n, const struct export_options *o)
{
	struct export *x;
	struct export_report r;
	struct diags d = {0};
	bool ok = export_open(&x, o, &d);
	for (size_t i = 0; ok && i < n; i++) {
		ok = export_deck(x, &decks[i], 0, &d);
		for (size_t k = 0; ok && k < decks[i].card_count; k++)
			ok = export_card(x,
					 &(struct export_item){.deck = &decks[i],
							       .card = &decks[i].cards[k]},
					 &d);
	}
	ok = ok && export_finish(x, &r, &d);
	if (!ok)
		fail_msg("%s", diags_first(&d));
	export_close(x);
}

static const struct import_deck *deck_named(const struct import *in, const char *slug)
{
	for (size_t i = 0; i < in->deck_count; i++)
		if (strcmp(in->decks[i].slug, slug) == 0)
			return &in->decks[i];
	fail_msg("no deck %s", slug);
	return NULL;
}

static void expect_same(const struct deck *want, const struct import *in, unsigned kinds)
{
	const struct import_deck *k = deck_named(in, want->slug);
	struct deck got;
	read_deck(&got, k->yaml);
	comeback_same(want, &got, kinds);
	deck_clear(&got);
}

static void round_trip(const char *name, struct export_options o, unsigned kinds)
{
	struct deck decks[2];
	struct srs_preset preset;
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	read_deck(&decks[0], hard);
	read_deck(&decks[1], twin);
	srs_preset_default(&preset);
	o.path = comeback_file(name, "", 0);
	o.now = (struct moment){INT64_C(1795687200000), 60};
	o.preset = &preset;
	write_out(decks, 2, &o);
	if (!comeback_import(&in, o.path, NULL, &d))
		fail_msg("%s: %s", name, diags_first(&d));
	assert_int_equal(d.count, 0);
	assert_int_equal(in.report.edited, 0);
	assert_int_equal(in.report.skipped, 0);
	comeback_check(&in);
	expect_same(&decks[0], &in, kinds);
	if (kinds == ALL)
		expect_same(&decks[1], &in, kinds);
	import_clear(&in);
	diags_clear(&d);
	deck_clear(&decks[0]);
	deck_clear(&decks[1]);
	comeback_clear();
}

static void test_anki_csv(void **state)
{
	(void)state;
	round_trip("x.csv", (struct export_options){.format = EXPORT_ANKI_CSV}, ALL);
}

static void test_anki_tsv(void **state)
{
	(void)state;
	round_trip("x.tsv", (struct export_options){.format = EXPORT_ANKI_TSV}, ALL);
}

static void test_apkg(void **state)
{
	(void)state;
	round_trip("x.apkg", (struct export_options){.format = EXPORT_APKG}, ALL);
}

static void test_cells(void **state)
{
	(void)state;
	round_trip("x.csv", (struct export_options){.format = EXPORT_ANKI_CSV, .cells = true}, ALL);
	round_trip("x.apkg", (struct export_options){.format = EXPORT_APKG, .cells = true}, ALL);
}

static void test_json(void **state)
{
	(void)state;
	round_trip("x.json", (struct export_options){.format = EXPORT_JSON}, ALL);
}

static void test_markdown(void **state)
{
	(void)state;
	round_trip("x.md", (struct export_options){.format = EXPORT_MARKDOWN}, ALL);
}

static void test_gift(void **state)
{
	(void)state;
	round_trip("x.gift", (struct export_options){.format = EXPORT_GIFT}, IN_GIFT);
}

/* The files of a split export, in any order, are one deck again. */
static void test_split(void **state)
{
	struct deck deck;
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	struct arena a = {0};
	const char *path = comeback_file("x.csv", "", 0);
	const char *stem = arena_strndup(&a, path, strlen(path) - 4);
	const char *files[] = {arena_printf(&a, "%s-cloze.csv", stem),
			       arena_printf(&a, "%s-reversed.csv", stem),
			       arena_printf(&a, "%s-basic.csv", stem)};
	(void)state;
	read_deck(&deck, hard);
	write_out(&deck, 1,
		  &(struct export_options){.format = EXPORT_ANKI_CSV, .path = path, .split = true});
	assert_true(import_files(&in, files, 3, &(struct import_options){.has_format = false}, &d));
	assert_int_equal(d.count, 0);
	assert_int_equal(in.deck_count, 1);
	expect_same(&deck, &in, ALL);
	import_clear(&in);
	for (int i = 0; i < 3; i++)
		assert_int_equal(unlink(files[i]), 0);
	deck_clear(&deck);
	arena_clear(&a);
	comeback_clear();
}

/* A deck file is a deck. */
static void test_yaml(void **state)
{
	struct deck deck;
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	(void)state;
	read_deck(&deck, hard);
	assert_true(comeback_import(&in, comeback_file("x.yaml", hard, strlen(hard)), NULL, &d));
	assert_int_equal(d.count, 0);
	comeback_check(&in);
	expect_same(&deck, &in, ALL);
	import_clear(&in);
	deck_clear(&deck);
	comeback_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anki_csv), cmocka_unit_test(test_anki_tsv),
		cmocka_unit_test(test_apkg),     cmocka_unit_test(test_cells),
		cmocka_unit_test(test_json),     cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_gift),     cmocka_unit_test(test_split),
		cmocka_unit_test(test_yaml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
