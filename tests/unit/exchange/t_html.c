/* t_html.c -- Markdown as HTML: what is marked is tagged, everything else escaped. */
#include "exchange/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct pair {
	const char *md, *html;
};

static void check(const struct pair *pairs, size_t n, void (*convert)(struct str *, const char *))
{
	for (size_t i = 0; i < n; i++) {
		struct str out = {0};
		convert(&out, pairs[i].md);
		assert_string_equal(str_c(&out), pairs[i].html);
		str_clear(&out);
	}
}

static void text_is_escaped(void **state)
{
	static const struct pair pairs[] = {
		{"", ""},
		{"plain", "plain"},
		{"a < b & c > \"d\"", "a &lt; b &amp; c &gt; &quot;d&quot;"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"<b onclick=x>*y*</b>", "&lt;b onclick=x&gt;<em>y</em>&lt;/b&gt;"},
		{"&lt;b&gt; &amp; &#233;", "&lt;b&gt; &amp; \xc3\xa9"},
		{"caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
		 "caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"},
		{"two\nlines", "two lines"},
		{"a  \nbreak", "a<br>break"},
		{"a\\*b\\*", "a*b*"},
		{"bell \x07 here", "bell \xef\xbf\xbd here"},
		{"unit\x1fseparator", "unit\xef\xbf\xbdseparator"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_from_md);
}

static void marks_become_tags(void **state)
{
	static const struct pair pairs[] = {
		{"**b** *i* `c` ~~d~~",
		 "<strong>b</strong> <em>i</em> <code>c</code> <del>d</del>"},
		{"**b *bi* `bc`**", "<strong>b <em>bi</em> <code>bc</code></strong>"},
		{"`a < b`", "<code>a &lt; b</code>"},
		{"# Title", "<h4>Title</h4>"},
		{"one\n\ntwo", "<p>one</p><p>two</p>"},
		{"---", "<hr>"},
		{"> quoted", "<blockquote><p>quoted</p></blockquote>"},
		{"```\na <b>\n  c\n```", "<pre><code>a &lt;b&gt;<br>  c</code></pre>"},
		{"- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"},
		{"3. c\n4. d", "<ol start=\"3\"><li>c</li><li>d</li></ol>"},
		{"1. a\n\n2. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"},
		{"- [x] done\n- [ ] not", "<ul><li>[x] done</li><li>[ ] not</li></ul>"},
		{"before\n\n- a", "<p>before</p><ul><li>a</li></ul>"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_from_md);
}

static void tables_are_tables(void **state)
{
	static const struct pair pairs[] = {
		{"| a | b |\n|---|--:|\n| **1** | `2` |",
		 "<table><tr><th>a</th><th style=\"text-align:right\">b</th></tr>"
		 "<tr><td><strong>1</strong></td><td style=\"text-align:right\"><code>2</code></td>"
		 "</tr></table>"},
		{"|  | x |\n|---|---|\n| y |  |",
		 "<table><tr><th></th><th>x</th></tr><tr><td>y</td><td></td></tr></table>"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_from_md);
}

static void links_lead_to_pages_only(void **state)
{
	static const struct pair pairs[] = {
		{"[x](https://a.example/?b=1&c=2)",
		 "<a href=\"https://a.example/?b=1&amp;c=2\">x</a>"},
		{"[**x** y](http://a.example)",
		 "<a href=\"http://a.example\"><strong>x</strong> y</a>"},
		{"[a](https://1.example)[b](https://2.example)",
		 "<a href=\"https://1.example\">a</a><a href=\"https://2.example\">b</a>"},
		{"[x](javascript:alert(1))", "x"},
		{"[x](JaVaScRiPt:alert(1))", "x"},
		{"[x](data:text/html,y)", "x"},
		{"[x](#part)", "x"},
		{"[x](&#106;avascript:y)", "x"},
		{"<https://a.example>", "<a href=\"https://a.example\">https://a.example</a>"},
		{"![alt](https://a.example/p.png)", "alt"},
		{"[x](https://a.example/\"onclick=\"y)",
		 "<a href=\"https://a.example/&quot;onclick=&quot;y\">x</a>"},
		{"- [x](https://a.example)\n- y",
		 "<ul><li><a href=\"https://a.example\">x</a></li><li>y</li></ul>"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_from_md);
}

static void holes_stay_holes(void **state)
{
	static const struct pair pairs[] = {
		{"a {{c1::b}} c", "a {{c1::b}} c"},
		{"{{c1::b::hint}}", "{{c1::b::hint}}"},
		{"{{c2::`x` and **y**}}", "{{c2::<code>x</code> and <strong>y</strong>}}"},
		{"{{c1::${v.x}}}", "{{c1::$&#123;v.x&#125;}}"},
		{"`{{c1::a < b}}`", "<code>{{c1::a &lt; b}}</code>"},
		{"{x} {{c1::y}} {{z}}", "{x} {{c1::y}} {{z}}"},
		{"- {{c1::a}}\n- {{c2::b}}", "<ul><li>{{c1::a}}</li><li>{{c2::b}}</li></ul>"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_from_cloze);
}

static void words_have_no_tags(void **state)
{
	static const struct pair pairs[] = {
		{"**b** `c`", "b c"},
		{"- a\n- b", "a b"},
		{"a < b", "a &lt; b"},
		{"`${x}`", "${x}"},
	};
	(void)state;
	check(pairs, ARRAY_LEN(pairs), html_words);
}

static void a_long_text_is_cut(void **state)
{
	struct str md = {0}, out = {0};
	(void)state;
	for (int i = 0; i < 70000; i++)
		str_addc(&md, '*');
	html_from_md(&out, str_c(&md));
	assert_true(out.len < md.len);
	assert_non_null(strstr(str_c(&out), "…"));
	str_clear(&md);
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_escaped),    cmocka_unit_test(marks_become_tags),
		cmocka_unit_test(tables_are_tables),  cmocka_unit_test(links_lead_to_pages_only),
		cmocka_unit_test(holes_stay_holes),   cmocka_unit_test(words_have_no_tags),
		cmocka_unit_test(a_long_text_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
