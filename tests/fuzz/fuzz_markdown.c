/* fuzz_markdown.c -- any bytes give a lay-out: lines no wider than asked, columns that add up,
 * valid text without control characters, no more lines than the limit. The first byte chooses the
 * width and the character set. */
#include "base/markdown.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Is a line that is too wide at least one that could not be broken? */
static bool is_one_cluster(const struct md_line *line)
{
	return line->count == 1 && utf8_count(line->runs[0].text, strlen(line->runs[0].text)) == 1;
}

static void check_text(const char *text, bool ascii)
{
	size_t n = strlen(text);

	require(n > 0 && utf8_invalid_at(text, n) == n);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += (size_t)utf8_decode(text + i, n - i, &cp);
		require(cp >= 0x20 && (cp < 0x7F || cp >= 0xA0));
		require(cp != 0xE000 && cp != 0xE001);
		require(!ascii || cp < 0x80);
	}
}

static void check_line(const struct md_line *line, int width, bool ascii)
{
	int cols = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct md_run *run = &line->runs[i];
		check_text(run->text, ascii);
		require(run->cols == utf8_columns(run->text, strlen(run->text)));
		cols += run->cols;
	}
	require(cols == line->cols);
	require(cols <= width || is_one_cluster(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	char *source = xstrndup((const char *)data + 1, size - 1);
	int width = data[0] & 0x7F;
	bool ascii = data[0] >> 7;
	struct md_layout m = {0};
	struct str words = {0};

	md_layout(&m, source, width, ascii);
	require(m.count <= MAX_MD_LINES && m.width >= 10);
	require(!m.count || (m.lines[0].count && m.lines[m.count - 1].count));
	for (size_t i = 0; i < m.count; i++)
		check_line(&m.lines[i], m.width, ascii);
	md_words(&words, source);
	if (words.len)
		check_text(words.p, false);
	str_clear(&words);
	md_layout_clear(&m);
	free(source);
	return 0;
}
