/* decide.c -- what follows from a need set by a matrix, and its reasons in words.
 *
 * Need sets and options are words of bits, so that a proof may decide millions of sets: an option
 * survives if no needed feature has its bit among those that lack it. Soft wishes rank survivors
 * alone; an option without a rank neither wins nor loses, so where one survives beside others
 * nothing is decided. */
#include "deck/matrix.h"

#include <string.h>

static int find(const char *id, const char *(*id_of)(const struct matrix *m, size_t i),
		const struct matrix *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(id_of(m, i), id) == 0)
			return (int)i;
	return -1;
}

static const char *option_id(const struct matrix *m, size_t i)
{
	return m->options[i].id;
}

static const char *feature_id(const struct matrix *m, size_t i)
{
	return m->features[i].id;
}

static const char *wish_id(const struct matrix *m, size_t i)
{
	return m->wishes[i].id;
}

int matrix_option(const struct matrix *m, const char *id)
{
	return find(id, option_id, m, m->option_count);
}

int matrix_feature(const struct matrix *m, const char *id)
{
	return find(id, feature_id, m, m->feature_count);
}

int matrix_wish(const struct matrix *m, const char *id)
{
	return find(id, wish_id, m, m->wish_count);
}

/* -- decisions --------------------------------------------------------------------------------- */

uint32_t matrix_candidates(const struct matrix *m, uint64_t needs)
{
	uint32_t bits = 0;
	for (size_t o = 0; o < m->option_count; o++)
		if (!m->options[o].when || (m->options[o].when & needs))
			bits |= UINT32_C(1) << o;
	return bits;
}

/* The option of survivors with the strictly lowest rank, or -1. */
static int strict_best(const struct wish *w, uint32_t survivors)
{
	int best = -1, lowest = MAX_RANK + 1;
	for (uint64_t left = survivors; left;) {
		int o = take_bit(&left), rank = w->rank[o];
		if (rank == 0)
			return -1;
		if (rank <= lowest) {
			best = rank < lowest ? o : -1;
			lowest = rank;
		}
	}
	return best;
}

static struct decision decide(const struct matrix *m, uint64_t needs, int wish, const uint32_t *no,
			      const uint32_t *unknown)
{
	struct decision d = {.kind = DECISION_NONE, .option = -1};
	uint32_t maybe = 0;
	d.survivors = matrix_candidates(m, needs);
	for (uint64_t left = needs; left;) {
		int f = take_bit(&left);
		d.survivors &= ~no[f];
		maybe |= unknown[f];
	}
	if (!d.survivors)
		return d;
	if (d.survivors & maybe) {
		d.kind = DECISION_BLOCKED;
		return d;
	}
	if (!(d.survivors & (d.survivors - 1)))
		d.option = __builtin_ctz(d.survivors);
	else if (wish >= 0)
		d.option = strict_best(&m->wishes[wish], d.survivors);
	d.by_wish = d.option >= 0 && (d.survivors & (d.survivors - 1));
	d.kind = d.option >= 0 ? DECISION_ONE : DECISION_SEVERAL;
	return d;
}

struct decision matrix_decide(const struct matrix *m, uint64_t needs, int wish)
{
	return decide(m, needs, wish, m->no, m->unknown);
}

struct decision matrix_decide_exam(const struct matrix *m, uint64_t needs, int wish)
{
	return decide(m, needs, wish, m->exam_no, m->exam_unknown);
}

uint64_t matrix_broken(const struct matrix *m, int option, uint64_t needs)
{
	uint64_t broken = 0;
	while (needs) {
		int f = take_bit(&needs);
		if (m->no[f] >> option & 1)
			broken |= UINT64_C(1) << f;
	}
	return broken;
}

bool matrix_possible(const struct matrix *m, uint64_t needs)
{
	for (size_t i = 0; i < m->apart_count; i++) {
		uint64_t both = needs & m->apart[i];
		if (both & (both - 1))
			return false;
	}
	return true;
}

/* -- words ------------------------------------------------------------------------------------- */

/* Text as a sentence: a capital first, a stop at its end. */
static void add_sentence(struct str *out, const char *text)
{
	size_t at = out->len, n = strlen(text);
	str_addn(out, text, n);
	if (out->p[at] >= 'a' && out->p[at] <= 'z')
		out->p[at] = (char)(out->p[at] - 'a' + 'A');
	if (!strchr(".!?", text[n - 1]))
		str_addc(out, '.');
}

void matrix_why_not(struct str *out, const struct matrix *m, int option, int feature)
{
	const struct feature *f = &m->features[feature];
	if (f->cells[option].why)
		add_sentence(out, f->cells[option].why);
	else if (f->lacks)
		add_sentence(out, f->lacks);
	else {
		str_add(out, "Not met: ");
		str_add(out, f->title);
		if (!strchr(".!?", f->title[strlen(f->title) - 1]))
			str_addc(out, '.');
	}
}

static const char *word_text(const struct story *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->word_count; i++)
		if (strncmp(s->words[i].name, name, n) == 0 && !s->words[i].name[n])
			return s->words[i].text;
	return NULL;
}

/* The story's text for a word, with its first letter raised where only the lower one is given. */
static void add_word(struct str *out, const struct story *s, const char *name, size_t n)
{
	char lower[MAX_SLUG];
	const char *text = word_text(s, name, n);
	if (text) {
		str_add(out, text);
		return;
	}
	size_t at = out->len;
	if (n <= sizeof(lower) && name[0] >= 'A' && name[0] <= 'Z') {
		memcpy(lower, name, n);
		lower[0] = (char)(lower[0] - 'A' + 'a');
		text = word_text(s, lower, n);
	}
	str_add(out, text ? text : "");
	if (out->len > at && out->p[at] >= 'a' && out->p[at] <= 'z')
		out->p[at] = (char)(out->p[at] - 'a' + 'A');
}

void story_fill(struct str *out, const struct story *s, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "{");
		str_addn(out, text, n);
		text += n;
		n = *text ? strcspn(text, "}") : 0;
		if (!*text || !text[n])
			break;
		add_word(out, s, text + 1, n - 1);
		text += n + 1;
	}
}
