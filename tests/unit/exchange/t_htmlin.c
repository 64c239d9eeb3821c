/* t_htmlin.c -- HTML as Markdown: what stays, what goes, and that what was Markdown before reads
 * the same after a way through HTML. */
#include "base/markdown.h"
#include "exchange/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *html, const char *want)
{
	struct str out = {0};
	html_to_md(&out, html, strlen(html), NULL);
	assert_string_equal(str_c(&out), want);
	str_clear(&out);
}

static void test_text(void **state)
{
	(void)state;
	expect("", "");
	expect("  \n ", "");
	expect("plain text", "plain text");
	expect("  a\n b\t c&nbsp;d  ", "a b c d");
	expect("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d");
	expect("&eacute;&Auml;&szlig;&#8364;&#x20AC;&nosuch;&", "éÄß€€\\&nosuch;&");
	expect("5 * 3 = 15, a_b_c", "5 \\* 3 = 15, a_b_c");
	expect("_x_ *y* `z` [t](u) \\n", "\\_x\\_ \\*y\\* \\`z\\` \\[t\\](u) \\n");
	expect("&lt;b&gt; &amp;amp; [x] ~~no~~", "\\<b> \\&amp; [x] \\~\\~no\\~\\~");
	expect("1. one", "1\\. one");
	expect("1.5 GB", "1.5 GB");
	expect("- a", "\\- a");
	expect("-5 degrees", "-5 degrees");
	expect("# no heading", "\\# no heading");
	expect("#1", "#1");
	expect("&gt; no quote", "\\> no quote");
	expect("---", "\\---");
	expect("{{c1::a &lt; b::hint}} and {{c2::${x}}}", "{{c1::a < b::hint}} and {{c2::${x}}}");
	expect("\xff\xfe a", "\xef\xbf\xbd\xef\xbf\xbd a");
}

static void test_styles(void **state)
{
	(void)state;
	expect("<b>a</b> <i>b</i> <code>c</code> <s>d</s>", "**a** *b* `c` ~~d~~");
	expect("x<b> a </b>y", "x **a** y");
	expect("<strong>a <em>b</em></strong>", "**a *b***");
	expect("<b><i>a</i></b>", "***a***");
	expect("<b></b>x<i> </i>y", "x y");
	expect("<b>\"a\"</b>b", "\"a\"b");
	expect("<code>a`b</code> <code>`</code> <code>a|*b*</code>", "``a`b`` `` ` `` `a|*b*`");
	expect("<span style=\"font-weight: bold\">a</span>", "**a**");
	expect("<span style='color:red'>a</span><font>b</font>", "ab");
	expect("10<sup>6</sup>", "10^6");
	expect("<a href=\"https://a.b/c(d)\">x [y]</a>", "[x \\[y\\]](https://a.b/c%28d%29)");
	expect("<a href=\"javascript:alert(1)\">x</a>", "x");
	expect("<a href=\"https://a\">x</a><a href=\"https://b\">y</a>",
	       "[x](https://a)[y](https://b)");
	expect("<b>a<br>b</b>", "**a\\\nb**");
}

static void test_blocks(void **state)
{
	(void)state;
	expect("a<br>b", "a\\\nb");
	expect("a<br><br>b", "a\n\nb");
	expect("a<br>&nbsp;<br>b", "a\n\nb");
	expect("a<div>b</div><div>c</div>", "a\\\nb\\\nc");
	expect("a<div><br></div><div>b</div>", "a\n\nb");
	expect("<p>a</p><p>b", "a\n\nb");
	expect("<p>a<p>b", "a\n\nb");
	expect("a<hr>b", "a\n\n---\n\nb");
	expect("<h3>Title</h3>text", "### Title\n\ntext");
	expect("<ul><li>a</li><li>b</li></ul>", "- a\n- b");
	expect("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc");
	expect("x<ol><li>a</li><li>b</li></ol>", "x\n\n1. a\n2. b");
	expect("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c");
	expect("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b");
	expect("<ul><li>a<br>b</li></ul>", "- a\\\n  b");
	expect("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n+ b");
	expect("<blockquote>a<br><br>b</blockquote>c", "> a\n>\n> b\n\nc");
	expect("<li>a</li><li>b</li>", "a\\\nb");
	expect("<pre><code>a\n  b\n</code></pre>", "```\na\n  b\n```");
	expect("<pre>a<br>```</pre>", "````\na\n```\n````");
	expect("<ul><li><pre>x\ny</pre></li></ul>", "- ```\n  x\n  y\n  ```");
}

static void test_tables(void **state)
{
	(void)state;
	expect("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x|y</td></tr></table>",
	       "| a | b |\n| --- | --- |\n| 1 | x\\|y |");
	expect("<table><tr><td>a<td>b<tr><td>1</table>z", "| a | b |\n| --- | --- |\n| 1 |\n\nz");
	expect("<table><tr><td>a<br>b</td><td><ul><li>c</li><li>d</li></ul></td></tr></table>",
	       "| a b | \xE2\x80\xA2 c \xE2\x80\xA2 d |\n| --- | --- |");
	expect("<table><caption>T</caption><tr><td></td><td><b>x</b></td></tr></table>",
	       "T\n\n| | **x** |\n| --- | --- |");
	expect("<table></table>", "");
	expect("<table><tr><td><table><tr><td>in</td></tr></table></td><td>b</td></tr></table>",
	       "| in | b |\n| --- | --- |");
}

static void test_hostile(void **state)
{
	struct html_report r = {0};
	struct str out = {0};
	static const char html[] =
		"<script>alert('<b>')</script>a<style>b{}</style>"
		"<img src=x onerror=alert(1) alt=\"pic\"><img src=y>"
		"[sound:a.mp3]<!-- c --><b onclick=\"x()\">d</b><iframe>e</iframe>";
	(void)state;
	html_to_md(&out, html, strlen(html), &r);
	assert_string_equal(str_c(&out), "apic**d**e");
	assert_int_equal(r.scripts, 1);
	assert_int_equal(r.styles, 1);
	assert_int_equal(r.images, 2);
	assert_int_equal(r.sounds, 1);
	str_clear(&out);
	expect("a<script>b", "a");
	expect("a<!-- b", "a");
	expect("a <b", "a \\<b");
	expect("a<b \"c", "a\\<b \"c");
	expect("</b></table></ul>a</div>", "a");
	expect("<td>a</td>", "a");
}

/* No text takes more than a moment. */
static void test_linear(void **state)
{
	static const char *const units[] = {"<",     "<b",    "<b ",      "<!--",
					    "<a \"", "<div>", "<ul><li>", "<table><tr><td>",
					    "&",     "&amp",  "*",        "`",
					    "[",     "](",    "<b>x</b>", "<pre>",
					    "</p>",  "<tr>",  "<p><ul>",  "[sound:",
					    "~~ "};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str html = {0}, out = {0};
		while (html.len < 300000)
			str_add(&html, units[i]);
		html_to_md(&out, html.p, html.len, NULL);
		assert_true(out.len < 40 * html.len);
		str_clear(&html);
		str_clear(&out);
	}
}

/* Markdown that is read, as HTML, and back must look the same on the screen. */
static void test_round(void **state)
{
	static const char *const texts[] = {
		"plain",
		"two\n\nparagraphs",
		"hard\\\nbreak",
		"**bold** and *em* and `code` and ~~no~~",
		"- a\n- b\n  1. c\n  2. d\n- e",
		"> quote\n>\n> - list",
		"| a | b |\n| --- | --- |\n| 1 | `x` |",
		"```\ncode  here\n\nmore\n```",
		"[link](https://example.org/a_b) and <https://example.org>",
		"# Head\n\ntext \\*star\\* 1\\. a_b \\<b\\>",
		"1. one\n\n   para\n2. two",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str html = {0}, md = {0}, a = {0}, b = {0};
		html_from_md(&html, texts[i]);
		html_to_md(&md, str_c(&html), html.len, NULL);
		md_plain(&a, texts[i], 60, false);
		md_plain(&b, str_c(&md), 60, false);
		assert_string_equal(str_c(&a), str_c(&b));
		str_clear(&html);
		str_clear(&md);
		str_clear(&a);
		str_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),    cmocka_unit_test(test_styles),
		cmocka_unit_test(test_blocks),  cmocka_unit_test(test_tables),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_linear),
		cmocka_unit_test(test_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
