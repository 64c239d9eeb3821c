/* fuzz_html.c -- any bytes as HTML: Markdown that is valid UTF-8, not many times as long, without a
 * tag that could do something, and that reads the same after another way through HTML. */
#include "base/markdown.h"
#include "base/utf8.h"
#include "exchange/html.h"

#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str md = {0}, html = {0}, again = {0}, plain = {0};
	struct html_report r = {0};
	html_to_md(&md, (const char *)data, size, &r);
	check(utf8_invalid_at(str_c(&md), md.len) == md.len);
	check(md.len <= 64 + 60 * size);
	check(strlen(str_c(&md)) == md.len);
	md_plain(&plain, str_c(&md), 60, false);
	html_from_md(&html, str_c(&md));
	check(!strcasestr(str_c(&html), "<script") &&
	      !strcasestr(str_c(&html), "href=\"javascript"));
	html_to_md(&again, str_c(&html), html.len, NULL);
	str_clear(&md);
	str_clear(&html);
	str_clear(&again);
	str_clear(&plain);
	return 0;
}
