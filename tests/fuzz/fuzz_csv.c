/* fuzz_csv.c -- any bytes as delimited text, whole and in pieces: the same records and the same
 * error; and as a text file of Anki's: refused with an error, or decks that hold. */
#include "exchange/csv.h"
#include "tests/fuzz/imported.h"

#include <stdio.h>
#include <unistd.h>

static bool add_record(void *ctx, const struct csv_record *r)
{
	struct str *out = ctx;
	str_addf(out, "%d:%d:%zu%s", r->line, r->col, r->count, r->quoted ? "q" : "");
	for (size_t i = 0; i < r->count; i++) {
		str_addf(out, "<%zu ", r->fields[i].len);
		str_addn(out, r->fields[i].p, r->fields[i].len);
	}
	return out->len < (1 << 24);
}

static void read_pieces(const char *p, size_t n, size_t piece, struct str *out)
{
	struct diags d = {0};
	struct csv_in *c = csv_in_new("fuzz", ',', add_record, out);
	bool ok = true;
	csv_in_comments(c, true);
	for (size_t i = 0; ok && i < n; i += piece)
		ok = csv_in_push(c, p + i, piece < n - i ? piece : n - i, &d);
	ok = ok && csv_in_end(c, &d);
	if (d.count)
		str_addf(out, "!%s:%d:%d", d.items[0].code, d.items[0].pos.line,
			 d.items[0].pos.col);
	csv_in_free(c);
	diags_clear(&d);
}

static bool take(const struct reading *r, const void *bytes, size_t n)
{
	char name[] = "/tmp/gatedrill-fuzz-csv.XXXXXX";
	int fd = mkstemp(name);
	struct reading file = *r;
	check(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
	file.path = name;
	bool ok = read_anki_text(&file);
	unlink(name);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole = {0}, pieces = {0};
	const char *p = (const char *)data;
	read_pieces(p, size, size + 1, &whole);
	read_pieces(p, size, 1 + size % 7, &pieces);
	check(whole.len == pieces.len && (!whole.len || memcmp(whole.p, pieces.p, whole.len) == 0));
	str_clear(&whole);
	str_clear(&pieces);
	read_with(take, data, size, false);
	return 0;
}
