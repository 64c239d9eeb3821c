/* plumbing_lines.c -- see plumbing_lines.h. A line is worked out completely before anything of its
 * answer is written, so an answer is never half an error. A line that is too long is skipped to its
 * end without being kept: it costs one error and no memory, and the line after it is answered as if
 * nothing had been.
 *
 * Answers are flushed line by line: a program on the other end of two pipes may wait for each
 * before it asks again. */
#include "cli/plumbing_lines.h"

#include "base/json.h"

enum line { LINE_READ, LINE_TOO_LONG, LINE_END };

/* The next line without its newline; what stands after the last newline is a line when it is not
 * empty. */
static enum line read_line(FILE *in, size_t max, struct str *line)
{
	bool any = false, fits = true;
	int c;
	str_reset(line);
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		any = true;
		fits = fits && line->len < max;
		if (fits)
			str_addc(line, (char)c);
	}
	if (c == EOF && !any)
		return LINE_END;
	return fits ? LINE_READ : LINE_TOO_LONG;
}

bool plumbing_error(struct str *out, size_t start, const char *text)
{
	struct json_out j = {.out = out};
	str_truncate(out, start);
	json_object(&j, NULL);
	json_text(&j, "error", text);
	json_end(&j);
	return false;
}

const struct node *plumbing_object(struct arena *a, const char *line, size_t n, struct str *out)
{
	struct node *root;
	if (json_read_wire(a, (struct slice){line, n}, &root) && root->kind == NODE_MAP)
		return root;
	plumbing_error(out, out->len, "the line is not a JSON object");
	return NULL;
}

int plumbing_lines(FILE *in, FILE *out, size_t max, plumbing_answer *answer)
{
	struct str line = {0}, reply = {0};
	bool written = true;
	enum line got;
	char too_long[60];
	snprintf(too_long, sizeof(too_long), "the line is longer than %zu MiB", max >> 20);
	while (written && (got = read_line(in, max, &line)) != LINE_END) {
		str_reset(&reply);
		if (got == LINE_READ)
			answer(str_c(&line), line.len, &reply);
		else
			plumbing_error(&reply, 0, too_long);
		str_addc(&reply, '\n');
		written = fwrite(reply.p, 1, reply.len, out) == reply.len && fflush(out) == 0;
	}
	str_clear(&line);
	str_clear(&reply);
	return written && !ferror(in) ? 0 : 1;
}
