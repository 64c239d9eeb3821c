/* mdwrap.c -- where lines end.
 *
 * Wrapping is greedy, over pieces: one cluster (a character with the zero-width ones that follow)
 * each, with the question answered whether a line may end before it: at spaces, after hyphens
 * inside words (a URL or a name that is broken cannot be followed or typed), around wide characters
 * (East Asian texts have no spaces; a few rules keep their punctuation together). Best-fit wrapping
 * (TeX's) was not worth it for texts of a few lines that are read once; UAX 14's tables neither.
 * All widths are utf8_width's, which is what screens count.
 */
#include "base/mdblock.h"
#include "base/utf8.h"

#include <string.h>

#define NAME_REACH 40 /* bytes */

enum piece_kind { TEXT, GAP, BREAK };
struct piece {
	struct mdb_range at;
	enum piece_kind kind;
	int cols;
	bool may_end; /* a line may end before it */
};
/* Walks a text piece by piece. cp[0] is the character before, cp[1] the one before that. */
struct walk {
	const struct mdb_doc *doc;
	size_t at, to;
	uint32_t cp[2];
	bool wide;
};

static bool is_letter(uint32_t cp)
{
	return cp > 0x7F || ((cp | 32) >= 'a' && (cp | 32) <= 'z');
}

/* Marks that no line may begin with, beside a wide character. */
static bool is_closing(uint32_t cp)
{
	static const uint32_t closing[] = {
		'!',    ')',    ',',    '.',    ':',    ';',    '?',    ']',
		'}',    0x2019, 0x201D, 0x2026, 0x3001, 0x3002, 0x3009, 0x300B,
		0x300D, 0x300F, 0x3011, 0x3015, 0x30FB, 0x30FC, 0xFF01, 0xFF09,
		0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D,
	};

	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		if (closing[i] == cp)
			return true;
	}
	return false;
}

/* Marks that no line may end with, beside a wide character. */
static bool is_opening(uint32_t cp)
{
	static const uint32_t opening[] = {
		'(',    '[',    '{',    0x2018, 0x201C, 0x3008, 0x300A,
		0x300C, 0x300E, 0x3010, 0x3014, 0xFF08, 0xFF3B, 0xFF5B,
	};

	for (size_t i = 0; i < ARRAY_LEN(opening); i++) {
		if (opening[i] == cp)
			return true;
	}
	return false;
}

/* Does a word hold what prose has not, as names, paths and URLs do? Looked for near a byte only. */
static bool is_name(const struct walk *w)
{
	const char *text = w->doc->text.p;
	size_t low = w->at > NAME_REACH ? w->at - NAME_REACH : 0;

	if (w->doc->spans[mdb_span_at(w->doc, w->at)].style & (MD_CODE | MD_RULE))
		return true;
	for (size_t i = w->at; i > low && !strchr(" \n", text[i - 1]); i--) {
		if (strchr("/:@_=", text[i - 1]))
			return true;
	}
	for (size_t i = w->at; i < w->to && i < w->at + NAME_REACH && !strchr(" \n", text[i]);
	     i++) {
		if (strchr("/@_=", text[i]))
			return true;
	}
	return false;
}

/* After a hyphen inside a word, but not before a digit, where it may be a sign or part of a date;
 * and between characters one of which is wide. */
static bool may_end_before(const struct walk *w, uint32_t cp, bool wide)
{
	bool word = is_letter(w->cp[1]) || (w->cp[1] >= '0' && w->cp[1] <= '9');

	if (w->cp[0] == '-' && word && is_letter(cp))
		return !is_name(w);
	if (!wide && !w->wide)
		return false;
	return w->cp[0] && w->cp[0] != ' ' && !is_closing(cp) && !is_opening(w->cp[0]);
}

static bool next_piece(struct walk *w, struct piece *p)
{
	const char *text = str_c(&w->doc->text);
	uint32_t cp = 0;

	if (w->at >= w->to)
		return false;
	size_t end = w->at;
	unsigned char c = (unsigned char)text[end];
	int len = c < 0x80 ? 1 : utf8_decode(text + end, w->to - end, &cp);
	cp = c < 0x80 ? c : cp;
	end += len > 0 ? (size_t)len : 1;
	int cols = c < 0x80 ? 1 : utf8_width(cp);
	while (end < w->to && (unsigned char)text[end] >= 0x80) {
		uint32_t mark;
		len = utf8_decode(text + end, w->to - end, &mark);
		if (len <= 0 || utf8_width(mark) != 0)
			break;
		end += (size_t)len;
	}
	*p = (struct piece){
		.at = {w->at, end},
		.kind = c == ' '    ? GAP
			: c == '\n' ? BREAK
				    : TEXT,
		.cols = c == '\n' || cols < 0 ? 0 : cols,
		.may_end = c == ' ' ? w->cp[0] != ' ' : may_end_before(w, cp, cols == 2),
	};
	w->at = end;
	w->cp[1] = w->cp[0];
	w->cp[0] = cp;
	w->wide = cols == 2;
	return true;
}

void mdb_add_cut(struct mdb_pen *pen, struct mdb_cut cut)
{
	pen->cuts = array_grow(pen->cuts, &pen->cap_cuts, pen->ncuts + 1, sizeof(*pen->cuts));
	pen->cuts[pen->ncuts++] = cut;
}

/* Is a word that is longer than a line better broken behind this: inside a URL, a path, an ARN? */
static bool is_joint(const char *text, struct mdb_range p)
{
	return p.from + 1 == p.to && strchr("/:.,;=&?_-", text[p.from]) &&
	       text[p.to] != text[p.from];
}

/* One line of at most cols columns from at on. Returns where the next begins. */
static size_t wrap_line(struct mdb_pen *pen, size_t at, size_t to, int cols)
{
	const char *text = pen->doc->text.p;
	struct walk w = {.doc = pen->doc, .at = at, .to = to};
	struct mdb_cut full = {.text = {at, at}}; /* all pieces so far, without blanks at the end */
	struct mdb_cut good = full;               /* up to the last place where the line may end */
	struct mdb_cut joint = full;              /* up to the last joint in its second half */
	struct piece p;
	int used = 0;

	while (next_piece(&w, &p)) {
		if (p.kind == BREAK) {
			mdb_add_cut(pen, full);
			return p.at.to;
		}
		if (p.may_end)
			good = full;
		if (p.kind == TEXT && used + p.cols > cols && full.text.to > at) {
			struct mdb_cut cut = good.text.to > at    ? good
					     : joint.text.to > at ? joint
								  : full;
			mdb_add_cut(pen, cut);
			size_t next = cut.text.to;
			while (next < to && text[next] == ' ')
				next++;
			return next;
		}
		used += p.cols;
		if (p.kind == TEXT)
			full = (struct mdb_cut){.text = {at, p.at.to}, .cols = used};
		if (2 * used > cols && is_joint(text, p.at))
			joint = full;
	}
	mdb_add_cut(pen, full);
	return to;
}

void mdb_wrap(struct mdb_pen *pen, struct mdb_range r, int cols, int hang)
{
	const char *text = str_c(&pen->doc->text);
	int width = cols;

	while (r.from < r.to) {
		while (r.from < r.to && text[r.from] == ' ')
			r.from++;
		r.from = wrap_line(pen, r.from, r.to, width);
		width = cols - hang;
	}
}

void mdb_measure(const struct mdb_doc *doc, struct mdb_range r, int *line, int *word)
{
	struct walk w = {.doc = doc, .at = r.from, .to = r.to};
	struct piece p;
	int cols = 0;
	int part = 0;

	*line = *word = 0;
	while (next_piece(&w, &p)) {
		part = p.kind != TEXT ? 0 : p.may_end ? p.cols : part + p.cols;
		cols = p.kind == BREAK ? 0 : cols + p.cols;
		*line = cols > *line ? cols : *line;
		*word = part > *word ? part : *word;
	}
}
