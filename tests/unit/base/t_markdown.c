/* t_markdown.c -- golden lay-outs of Markdown at widths 80, 60, 36 and 20. */
#include "base/markdown.h"
#include "markdown_check.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct golden {
	const char *name;
	int width;
	bool ascii;
	const char *source, *want;
};

/* Sources that are laid out at several widths. */
static const char paragraph[] = "An **HTTP API** is *cheaper* and faster than a REST API, but it "
				"has no `usage plans`, no caching and no request validation.";
static const char list[] = "Use REST for:\n"
			   "\n"
			   "- API keys\n"
			   "- caching, which comes in sizes from 0.5 GB to 237 GB\n"
			   "  - per stage\n"
			   "    - and per method\n"
			   "- validation\n";
static const char code[] =
	"Run:\n"
	"\n"
	"```sh\n"
	"aws apigateway create-deployment --rest-api-id a1b2c3 --stage-name prod\n"
	"\011echo done\n"
	"\n"
	"exit\n"
	"```\n";
static const char table[] = "| Feature | REST | HTTP | WebSocket |\n"
			    "|:---|:---:|---:|---|\n"
			    "| Caching | yes | no | no |\n"
			    "| Timeout | 50 ms to 29 s | 30 s | 29 s |\n"
			    "| `API keys` | **yes** | | *yes* |\n";
static const char wide_table[] = "| | REST API | HTTP API |\n"
				 "|---|---|---|\n"
				 "| Authorizers | IAM, Cognito user pools, Lambda authorizers of "
				 "two types | IAM, JWT, Lambda |\n"
				 "| Private integration | through a VPC link to a Network Load "
				 "Balancer | VPC link to ALB, NLB or Cloud Map |\n";

static const struct golden paragraphs[] = {
	{"paragraph", 80, false, paragraph,
	 "An HTTP API is cheaper and faster than a REST API, but it has no usage plans, no\n"
	 "caching and no request validation.\n"},
	{"paragraph", 60, false, paragraph,
	 "An HTTP API is cheaper and faster than a REST API, but it\n"
	 "has no usage plans, no caching and no request validation.\n"},
	{"paragraph", 36, false, paragraph,
	 "An HTTP API is cheaper and faster\n"
	 "than a REST API, but it has no usage\n"
	 "plans, no caching and no request\n"
	 "validation.\n"},
	{"paragraph", 20, false, paragraph,
	 "An HTTP API is\n"
	 "cheaper and faster\n"
	 "than a REST API, but\n"
	 "it has no usage\n"
	 "plans, no caching\n"
	 "and no request\n"
	 "validation.\n"},
	{"narrower than ten is ten", 3, false, "one two three",
	 "one two\n"
	 "three\n"},
	{"two paragraphs and a soft break", 80, false, "One\ntwo.\n\n\n\nThree.",
	 "One two.\n"
	 "\n"
	 "Three.\n"},
	{"hard breaks", 80, false, "One  \ntwo\\\nthree",
	 "One\n"
	 "two\n"
	 "three\n"},
	{"hard break in a tight item", 80, false, "- one\\\n  two\n- three",
	 "• one\n"
	 "  two\n"
	 "• three\n"},
	{"spaces are collapsed, not in code spans", 80, false, "a   b `c  d` &#32; e",
	 "a b c  d e\n"},
	{"headings", 36, false,
	 "# The *first* heading, longer than a line\n## Second\ntext\n\nThird\n---\nend #",
	 "The first heading, longer than a\n"
	 "line\n"
	 "\n"
	 "Second\n"
	 "\n"
	 "text\n"
	 "\n"
	 "Third\n"
	 "\n"
	 "end #\n"},
	{"rules", 20, false, "above\n\n---\n\n> ***\n\nbelow",
	 "above\n"
	 "\n"
	 "────────────────────\n"
	 "\n"
	 "│ ──────────────────\n"
	 "\n"
	 "below\n"},
	{"hyphens", 20, false,
	 "a well-documented per-client quota, us-east-1, -5, 2026-11-20, `create-deployment-now`",
	 "a well-documented\n"
	 "per-client quota,\n"
	 "us-east-1, -5,\n"
	 "2026-11-20,\n"
	 "create-deployment-\n"
	 "now\n"},
	{"long words", 20, false,
	 "The name is execute-apiabcdefghijklmnopqrstuvwxyz0123456789 there",
	 "The name is execute-\n"
	 "apiabcdefghijklmnopq\n"
	 "rstuvwxyz0123456789\n"
	 "there\n"},
	{"long words break at joints", 36, false,
	 "ARN: arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/items/list",
	 "ARN:\n"
	 "arn:aws:execute-api:us-east-1:\n"
	 "123456789012:a1b2c3d4e5/prod/GET/\n"
	 "items/list\n"},
	{"line exactly full", 20, false, "12345678901234567890 next 4567 123456789 1234",
	 "12345678901234567890\n"
	 "next 4567 123456789\n"
	 "1234\n"},
};

static const struct golden lists[] = {
	{"list", 80, false, list,
	 "Use REST for:\n"
	 "\n"
	 "• API keys\n"
	 "• caching, which comes in sizes from 0.5 GB to 237 GB\n"
	 "  • per stage\n"
	 "    • and per method\n"
	 "• validation\n"},
	{"list", 36, false, list,
	 "Use REST for:\n"
	 "\n"
	 "• API keys\n"
	 "• caching, which comes in sizes from\n"
	 "  0.5 GB to 237 GB\n"
	 "  • per stage\n"
	 "    • and per method\n"
	 "• validation\n"},
	{"list", 20, false, list,
	 "Use REST for:\n"
	 "\n"
	 "• API keys\n"
	 "• caching, which\n"
	 "  comes in sizes\n"
	 "  from 0.5 GB to 237\n"
	 "  GB\n"
	 "  • per stage\n"
	 "    • and per method\n"
	 "• validation\n"},
	{"list", 36, true, list,
	 "Use REST for:\n"
	 "\n"
	 "- API keys\n"
	 "- caching, which comes in sizes from\n"
	 "  0.5 GB to 237 GB\n"
	 "  - per stage\n"
	 "    - and per method\n"
	 "- validation\n"},
	{"numbers are right-aligned", 80, false, "9. nine\n10. ten\n11. eleven",
	 " 9. nine\n"
	 "10. ten\n"
	 "11. eleven\n"},
	{"other starts and delimiters", 80, false,
	 "0) zero\n1) one\n\n<!-- -->\n\n99. ninety-nine\n100. hundred",
	 "0) zero\n"
	 "1) one\n"
	 "\n"
	 "<!-- -->\n"
	 "\n"
	 " 99. ninety-nine\n"
	 "100. hundred\n"},
	{"loose list", 80, false, "1. one\n\n   more of one\n2. two",
	 "1. one\n"
	 "\n"
	 "   more of one\n"
	 "\n"
	 "2. two\n"},
	{"tight in loose", 80, false, "- a\n\n- b\n  - c\n  - d\n\n- e",
	 "• a\n"
	 "\n"
	 "• b\n"
	 "\n"
	 "  • c\n"
	 "  • d\n"
	 "\n"
	 "• e\n"},
	{"empty items", 80, false, "- a\n-\n- c\n\n1.\n2. b",
	 "• a\n"
	 "•\n"
	 "• c\n"
	 "\n"
	 "1.\n"
	 "2. b\n"},
	{"items with empty blocks", 80, false, "- ```\n  ```\n- > #\n- | |\n  |---|\n- d",
	 "•\n"
	 "• │\n"
	 "•\n"
	 "• d\n"},
	{"item that begins with a list", 80, false, "- - a\n  - b\n- 1. c",
	 "• • a\n"
	 "  • b\n"
	 "• 1. c\n"},
	{"tasks", 36, false, "- [x] deploy the stage, then wait for it\n- [ ] test\n- plain",
	 "[x] deploy the stage, then wait for\n"
	 "    it\n"
	 "[ ] test\n"
	 "• plain\n"},
	{"code in a tight item", 80, false, "1. Run\n   ```\n   make\n   ```\n2. Wait",
	 "1. Run\n"
	 "     make\n"
	 "2. Wait\n"},
	{"quote in item", 36, false,
	 "- Said:\n\n  > A stage is a named reference to a deployment.\n\n- end",
	 "• Said:\n"
	 "\n"
	 "  │ A stage is a named reference to\n"
	 "  │ a deployment.\n"
	 "\n"
	 "• end\n"},
	{"deeper than the width", 20, false,
	 "- 1\n  - 2\n    - 3\n      - 4\n        - 5\n          - 6\n            - 7 is as deep\n "
	 "             - 8 is deeper",
	 "• 1\n"
	 "  • 2\n"
	 "    • 3\n"
	 "      • 4\n"
	 "        • 5\n"
	 "          • 6\n"
	 "            • 7 is\n"
	 "            as deep\n"
	 "            • 8 is\n"
	 "            deeper\n"},
	{"wide number, no room", 10, false, "123456789. word and word",
	 "123456789.\n"
	 "word and\n"
	 "word\n"},
};

static const struct golden quotes_and_code[] = {
	{"quote", 36, false,
	 "> The integration timeout is 29 seconds.\n> It can be raised.\n>\n> - for Regional\n> - "
	 "for private\n\nend",
	 "│ The integration timeout is 29\n"
	 "│ seconds. It can be raised.\n"
	 "│\n"
	 "│ • for Regional\n"
	 "│ • for private\n"
	 "\n"
	 "end\n"},
	{"quote", 36, true, "> one\n>\n> > two\n>\n> three",
	 "| one\n"
	 "|\n"
	 "| | two\n"
	 "|\n"
	 "| three\n"},
	{"code", 80, false, code,
	 "Run:\n"
	 "\n"
	 "  aws apigateway create-deployment --rest-api-id a1b2c3 --stage-name prod\n"
	 "      echo done\n"
	 "\n"
	 "  exit\n"},
	{"code", 60, false, code,
	 "Run:\n"
	 "\n"
	 "  aws apigateway create-deployment --rest-api-id a1b2c3\n"
	 "… --stage-name prod\n"
	 "      echo done\n"
	 "\n"
	 "  exit\n"},
	{"code", 36, false, code,
	 "Run:\n"
	 "\n"
	 "  aws apigateway create-deployment\n"
	 "… --rest-api-id a1b2c3 --stage-name\n"
	 "… prod\n"
	 "      echo done\n"
	 "\n"
	 "  exit\n"},
	{"code", 20, false, code,
	 "Run:\n"
	 "\n"
	 "  aws apigateway\n"
	 "… create-deployment\n"
	 "… --rest-api-id\n"
	 "… a1b2c3 --stage-nam\n"
	 "… e prod\n"
	 "      echo done\n"
	 "\n"
	 "  exit\n"},
	{"code", 36, true, code,
	 "Run:\n"
	 "\n"
	 "  aws apigateway create-deployment\n"
	 "> --rest-api-id a1b2c3 --stage-name\n"
	 "> prod\n"
	 "      echo done\n"
	 "\n"
	 "  exit\n"},
	{"indented code keeps its shape", 80, false, "    {\n      \"a\": 1\n    }\n",
	 "  {\n"
	 "    \"a\": 1\n"
	 "  }\n"},
	{"deep indentation", 20, false,
	 "```\na:\n                b: c\n                            d\n```",
	 "  a:\n"
	 "           b: c\n"
	 "           d\n"},
	{"blank lines around code", 80, false, "```\n\n\n  a\n\n b\n\n\n```\n",
	 "    a\n"
	 "\n"
	 "   b\n"},
	{"empty code", 80, false, "a\n\n```\n```\n\nb",
	 "a\n"
	 "\n"
	 "b\n"},
	{"html is text", 80, false, "<div>\n<b>bold</b> &lt;i&gt;\n</div>",
	 "<div> <b>bold</b> <i> </div>\n"},
};

static const struct golden tables[] = {
	{"fits", 80, false, table,
	 "Feature       REST       HTTP  WebSocket\n"
	 "────────────────────────────────────────\n"
	 "Caching        yes         no  no\n"
	 "Timeout   50 ms to 29 s  30 s  29 s\n"
	 "API keys       yes             yes\n"},
	{"fits", 60, false, table,
	 "Feature       REST       HTTP  WebSocket\n"
	 "────────────────────────────────────────\n"
	 "Caching        yes         no  no\n"
	 "Timeout   50 ms to 29 s  30 s  29 s\n"
	 "API keys       yes             yes\n"},
	{"wraps", 36, false, table,
	 "Feature     REST     HTTP  WebSocket\n"
	 "────────────────────────────────────\n"
	 "Caching      yes       no  no\n"
	 "Timeout   50 ms to   30 s  29 s\n"
	 "            29 s\n"
	 "API keys     yes           yes\n"},
	{"records", 20, false, table,
	 "Feature: Caching\n"
	 "REST: yes\n"
	 "HTTP: no\n"
	 "WebSocket: no\n"
	 "\n"
	 "Feature: Timeout\n"
	 "REST: 50 ms to 29 s\n"
	 "HTTP: 30 s\n"
	 "WebSocket: 29 s\n"
	 "\n"
	 "Feature: API keys\n"
	 "REST: yes\n"
	 "HTTP:\n"
	 "WebSocket: yes\n"},
	{"ascii", 60, true, table,
	 "Feature       REST       HTTP  WebSocket\n"
	 "----------------------------------------\n"
	 "Caching        yes         no  no\n"
	 "Timeout   50 ms to 29 s  30 s  29 s\n"
	 "API keys       yes             yes\n"},
	{"wide", 80, false, wide_table,
	 "                     REST API                       HTTP API\n"
	 "────────────────────────────────────────────────────────────────────────────────\n"
	 "Authorizers          IAM, Cognito user pools,       IAM, JWT, Lambda\n"
	 "                     Lambda authorizers of two\n"
	 "                     types\n"
	 "Private integration  through a VPC link to a        VPC link to ALB, NLB or\n"
	 "                     Network Load Balancer          Cloud Map\n"},
	{"wide", 60, false, wide_table,
	 "                     REST API             HTTP API\n"
	 "────────────────────────────────────────────────────────────\n"
	 "Authorizers          IAM, Cognito user    IAM, JWT, Lambda\n"
	 "                     pools, Lambda\n"
	 "                     authorizers of two\n"
	 "                     types\n"
	 "Private integration  through a VPC link   VPC link to ALB,\n"
	 "                     to a Network Load    NLB or Cloud Map\n"
	 "                     Balancer\n"},
	{"wide", 36, false, wide_table,
	 "             REST API     HTTP API\n"
	 "────────────────────────────────────\n"
	 "Authorizers  IAM,         IAM, JWT,\n"
	 "             Cognito      Lambda\n"
	 "             user pools,\n"
	 "             Lambda\n"
	 "             authorizers\n"
	 "             of two\n"
	 "             types\n"
	 "\n"
	 "Private      through a    VPC link\n"
	 "integration  VPC link to  to ALB,\n"
	 "             a Network    NLB or\n"
	 "             Load         Cloud Map\n"
	 "             Balancer\n"},
	{"wide", 20, false, wide_table,
	 "Authorizers\n"
	 "REST API: IAM,\n"
	 "  Cognito user\n"
	 "  pools, Lambda\n"
	 "  authorizers of two\n"
	 "  types\n"
	 "HTTP API: IAM, JWT,\n"
	 "  Lambda\n"
	 "\n"
	 "Private integration\n"
	 "REST API: through a\n"
	 "  VPC link to a\n"
	 "  Network Load\n"
	 "  Balancer\n"
	 "HTTP API: VPC link\n"
	 "  to ALB, NLB or\n"
	 "  Cloud Map\n"},
	{"no headings", 36, false, "| | |\n|---|---|\n| a | b |\n| | |\n| c | d |",
	 "a  b\n"
	 "c  d\n"},
	{"headings alone", 36, false, "| one | two |\n|---|---|",
	 "one  two\n"
	 "────────\n"},
	{"headings alone as records", 10, false, "| one heading | two |\n|---|---|",
	 "one\n"
	 "  heading:\n"
	 "two:\n"},
	{"no words at all", 36, false, "a\n\n| | |\n|---|---|\n| | |\n\nb",
	 "a\n"
	 "\n"
	 "b\n"},
	{"in a list and a quote", 36, false,
	 "- > | k | v |\n  > |---|--:|\n  > | a | 1 |\n  > | b | 20 |",
	 "• │ k   v\n"
	 "  │ ─────\n"
	 "  │ a   1\n"
	 "  │ b  20\n"},
	{"wide characters", 36, false, "| 名前 | 値 |\n|---|---:|\n| 制限 | 29 |\n| limit | 🎉 |",
	 "名前   値\n"
	 "─────────\n"
	 "制限   29\n"
	 "limit  🎉\n"},
	{"long heading", 36, false,
	 "| Limit | Default quota of an account in a Region |\n|---|---|\n| Rate | 10,000 |\n| "
	 "Burst | 5,000 |",
	 "       Default quota of an account\n"
	 "Limit  in a Region\n"
	 "────────────────────────────────────\n"
	 "Rate   10,000\n"
	 "Burst  5,000\n"},
	{"too many columns", 20, false,
	 "|a|b|c|d|e|f|g|h|\n|---|---|---|---|---|---|---|---|\n|1|2|3|4|5|6|7|8|",
	 "a: 1\n"
	 "b: 2\n"
	 "c: 3\n"
	 "d: 4\n"
	 "e: 5\n"
	 "f: 6\n"
	 "g: 7\n"
	 "h: 8\n"},
};

static const struct golden characters[] = {
	{"entities", 80, false,
	 "&amp; &lt;b&gt; &#x2192; &#65; &rarr; &quot;x&quot; 1&ndash;2 &hellip; a&nbsp;b &Delta; "
	 "&yen;",
	 "& <b> → A → \"x\" 1–2 … a\302\240b Δ ¥\n"},
	{"unknown entities stay", 80, false, "&nonsense; &am; &amps; AT&T &; &#; &#xZZ; `&amp;`",
	 "&nonsense; &am; &amps; AT&T &; &#; &#xZZ; &amp;\n"},
	{"bad numbers", 80, false, "&#0; &#xD800; &#x110000; &#27;[31m a&#10;b",
	 "\357\277\275 \357\277\275 \357\277\275 \357\277\275[31m a b\n"},
	{"east asian", 20, false, "制限は「二十九秒」です。それを超えると、エラーになります。",
	 "制限は「二十九秒」で\n"
	 "す。それを超えると、\n"
	 "エラーになります。\n"},
	{"east asian and latin", 20, false,
	 "API Gatewayの制限は29秒です、そしてWebSocketは2時間です。",
	 "API Gatewayの制限は\n"
	 "29秒です、そして\n"
	 "WebSocketは2時間で\n"
	 "す。\n"},
	{"emoji", 20, false, "one 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉 two",
	 "one 🎉🎉🎉🎉🎉🎉🎉🎉\n"
	 "🎉🎉🎉 two\n"},
	{"combining marks stay with their letters", 10, false,
	 "e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314"
	 "\201e\314\201e\314\201",
	 "e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314\201e\314"
	 "\201\n"
	 "e\314\201e\314\201\n"},
	{"controls and escapes", 80, false,
	 "a\007b \033[31mred\033[0m \302\2331m \342\200\256abc\342\200\254 \177",
	 "a\357\277\275b \357\277\275[31mred\357\277\275[0m \357\277\2751m "
	 "\357\277\275abc\357\277\275 \357\277\275\n"},
	{"escapes in code", 80, false, "`\033]0;title\007`\n\n    \033[2J",
	 "\357\277\275]0;title\357\277\275\n"
	 "\n"
	 "  \357\277\275[2J\n"},
	{"ascii", 80, true, "a → b “c” &rarr; 漢", "a -> b \"c\" -> ?\n"},
};

static const struct golden links[] = {
	{"target behind the link", 80, false,
	 "See [quotas](https://docs.aws.amazon.com/quotas.html) first.",
	 "See quotas <https://docs.aws.amazon.com/quotas.html> first.\n"},
	{"too long for a line", 36, false,
	 "See [quotas](https://docs.aws.amazon.com/quotas.html) first.", "See quotas first.\n"},
	{"what the link says anyway", 80, false,
	 "<https://a.example/b> [https://a.example](https://a.example) <me@a.example>",
	 "https://a.example/b https://a.example me@a.example\n"},
	{"not outside", 80, false, "[a](#b) [c](d.md) [e](mailto:f@g.example)", "a c e\n"},
	{"references and entities", 80, false,
	 "[a][r] and ![image *text*](x.png)\n\n[r]: https://a.example/?b=1&amp;c=2 'title'",
	 "a <https://a.example/?b=1&c=2> and image text\n"},
	{"not in tables and headings", 80, false,
	 "# [h](https://a.example)\n\n| [t](https://a.example) |\n|---|\n| 1 |",
	 "h\n"
	 "\n"
	 "t\n"
	 "─\n"
	 "1\n"},
	{"bare urls are text", 80, false, "https://a.example/b_c_d www.a.example",
	 "https://a.example/b_c_d www.a.example\n"},
};

/* The text of a lay-out, as md_plain gives it, after a check. */
static void check_golden(const struct golden *g)
{
	struct md_layout m = {0};
	struct str plain = {0};

	md_layout(&m, g->source, g->width, g->ascii);
	check_layout(&m, g->ascii);
	md_plain(&plain, g->source, g->width, g->ascii);
	if (strcmp(str_c(&plain), g->want)) {
		print_error("# %s, width %d:\n%s# wanted:\n%s", g->name, g->width, str_c(&plain),
			    g->want);
		fail();
	}
	str_clear(&plain);
	md_layout_clear(&m);
}

#define CHECK_ALL(rows)                              \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) \
	check_golden(&(rows)[i])

static void test_paragraphs(void **state)
{
	(void)state;
	CHECK_ALL(paragraphs);
}

static void test_lists(void **state)
{
	(void)state;
	CHECK_ALL(lists);
}

static void test_quotes_and_code(void **state)
{
	(void)state;
	CHECK_ALL(quotes_and_code);
}

static void test_tables(void **state)
{
	(void)state;
	CHECK_ALL(tables);
}

static void test_characters(void **state)
{
	(void)state;
	CHECK_ALL(characters);
}

static void test_links(void **state)
{
	(void)state;
	CHECK_ALL(links);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paragraphs),      cmocka_unit_test(test_lists),
		cmocka_unit_test(test_quotes_and_code), cmocka_unit_test(test_tables),
		cmocka_unit_test(test_characters),      cmocka_unit_test(test_links),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
