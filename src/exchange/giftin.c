/* giftin.c -- questions in Moodle's GIFT to cards; see gift.h for what we write.
 *
 * Questions are cut out line by line (comments, categories and empty lines stand between them),
 * then each is read from its text. Where Moodle grades by degrees or tolerances, which cards do
 * not, the card keeps what is right and a warning says what was left out. */
#include "exchange/gift.h"

#include "base/json.h"
#include "base/markdown.h"
#include "exchange/note.h"
#include "exchange/readers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_GIFT_QUESTION ((size_t)1 << 20) /* bytes */

struct gift {
	const struct reading *r;
	struct arena keep;    /* of the file */
	struct arena scratch; /* of one question */
	const struct node *head;
	struct draft *deck; /* NULL: not known yet */
	bool skip_category; /* the next one is that of the deck comment */
	struct node *card;  /* what a comment of ours says of the next question */
	const char *tags[MAX_TAGS];
	size_t tag_count;
	struct str text; /* of the question being cut out */
	struct pos pos, brace;
	int depth;
	size_t count;
	bool stop;
};

/* One question being read. */
struct question {
	struct gift *g;
	struct arena *a;
	const char *id; /* made of its title; NULL: it has none */
	bool markdown;
	const char *stem, *tail; /* before and after the answers; NULL: nothing */
	const char *general;     /* feedback */
	struct answer {
		bool right; /* '=' */
		bool weighed;
		double weight;
		const char *text, *feedback; /* raw: escapes and all; feedback NULL */
	} answers[MAX_OPTIONS * 4];
	size_t count;
	const char *raw; /* what stands in the braces */
};

/* -- text -------------------------------------------------------------------------------------- */

static struct slice trim(struct slice s)
{
	while (s.len && strchr(" \t\r\n", s.p[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t\r\n", *s.p)) {
		s.p++;
		s.len--;
	}
	return s;
}

static bool begins(struct slice s, const char *text)
{
	size_t n = strlen(text);
	return s.len >= n && memcmp(s.p, text, n) == 0;
}

/* The first place of one of these signs that has no backslash; the end when there is none. */
static const char *find_sign(const char *p, const char *signs)
{
	while (*p && !strchr(signs, *p))
		p += *p == '\\' && p[1] ? 2 : 1;
	return p;
}

static const char *copy(struct question *q, const char *from, const char *to)
{
	struct slice s = trim((struct slice){from, (size_t)(to - from)});
	return arena_strndup(q->a, s.p, s.len);
}

/* Without backslashes. */
static const char *plain(struct question *q, const char *raw)
{
	struct str s = {0};
	for (const char *p = raw; *p; p++) {
		if (*p == '\\' && p[1] == 'n') {
			str_addc(&s, '\n');
			p++;
		} else if (*p == '\\' && p[1] && strchr(GIFT_ESCAPED "*", p[1])) {
			str_addc(&s, *++p);
		} else {
			str_addc(&s, *p);
		}
	}
	const char *out = arena_strndup(q->a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

/* A text of the question as Markdown. It may name a format of its own. */
static const char *md(struct question *q, const char *raw)
{
	static const char *const formats[] = {"[markdown]", "[html]", "[moodle]", "[plain]"};
	bool markdown = q->markdown;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_starts(raw, formats[i])) {
			markdown = i == 0;
			raw += strlen(formats[i]);
		}
	const char *text = plain(q, raw);
	return markdown ? text : reading_md(q->g->r, q->a, text);
}

static const char *line(struct question *q, const char *raw)
{
	return draft_line(q->a, md(q, raw));
}

static void warn(struct question *q, const char *text)
{
	diag_warn(q->g->r->d, q->g->pos, "import-gift", "%s", text);
}

/* -- answers ----------------------------------------------------------------------------------- */

/* "%50%": how much an answer is worth. */
static const char *read_weight(const char *p, struct answer *a)
{
	if (*p != '%')
		return p;
	const char *end = strchr(p + 1, '%');
	char number[24];
	size_t n = end ? (size_t)(end - p - 1) : sizeof(number);
	if (n >= sizeof(number))
		return p;
	memcpy(number, p + 1, n);
	number[n] = '\0';
	if (!str_to_double(number, -100, 100, &a->weight))
		return p;
	a->weighed = true;
	return end + 1;
}

/* "=right#feedback~wrong ...####general". False: too many answers. */
static bool read_answers(struct question *q)
{
	const char *p = find_sign(q->raw, "=~#");
	while (*p) {
		if (str_starts(p, "####")) {
			q->general = md(q, copy(q, p + 4, p + strlen(p)));
			return true;
		}
		if (q->count == ARRAY_LEN(q->answers))
			return false;
		struct answer *a = &q->answers[q->count++];
		a->right = *p == '=';
		p += *p == '=' || *p == '~';
		p += strspn(p, " \t\r\n");
		p = read_weight(p, a);
		const char *end = find_sign(p, "=~#");
		a->text = copy(q, p, end);
		p = end;
		if (*p == '#' && !str_starts(p, "####")) {
			end = find_sign(p + 1, "=~#");
			a->feedback = copy(q, p + 1, end);
			p = end;
		}
	}
	return true;
}

/* -- kinds ------------------------------------------------------------------------------------- */

/* The answers stand in the middle of a sentence: a gap is seen there. */
static const char *stem(struct question *q)
{
	const char *text = md(q, q->stem);
	const char *tail = q->tail ? md(q, q->tail) : "";
	return *tail ? arena_printf(q->a, "%s%s\\_\\_\\_\\_ %s", text, *text ? " " : "", tail)
		     : text;
}

static bool add(struct question *q, struct node *card)
{
	struct gift *g = q->g;
	if (!g->card)
		draft_text(q->a, card, "why", q->general);
	if (!g->card && g->tag_count)
		draft_tags(g->r->drafts, q->a, card, g->tags, g->tag_count);
	return draft_add(g->r->drafts, g->deck, q->a,
			 &(struct draft_card){.card = card, .head = g->head, .pos = g->pos}, NULL);
}

/* A card of this kind: the one a comment of ours began, when it says so; of another kind it keeps
 * what does not depend on that. */
static struct node *card_of(struct question *q, const char *kind)
{
	static const char *const kept[] = {"id",    "tags",   "exam", "source",
					   "proof", "claims", "was"};
	struct gift *g = q->g;
	if (g->card && str_eq(node_text(g->card, "kind"), kind))
		return g->card;
	struct node *card = draft_map(q->a, kind);
	draft_text(q->a, card, "id", q->id);
	for (size_t i = 0; g->card && i < ARRAY_LEN(kept); i++) {
		const struct node *n = node_get(g->card, kept[i]);
		if (n)
			node_set(q->a, card, kept[i], draft_copy(q->a, n));
	}
	if (g->card)
		warn(q, "it is no longer the kind of question that its comment says");
	g->card = NULL;
	return card;
}

/* TRUE, F and so on; *feedback: what stands behind it, about a wrong answer, then a right one. */
static bool is_truth(struct question *q, bool *value)
{
	static const char *const words[] = {"TRUE", "T", "FALSE", "F"};
	const char *end = find_sign(q->raw, "#");
	const char *word = copy(q, q->raw, end);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(word, words[i]) == 0) {
			*value = i < 2;
			return true;
		}
	return false;
}

static const char *truth_feedback(struct question *q)
{
	const char *p = find_sign(q->raw, "#"), *found = NULL;
	while (*p == '#') {
		if (str_starts(p, "####")) {
			const char *general = md(q, copy(q, p + 4, p + strlen(p)));
			return *general ? general : found;
		}
		const char *end = find_sign(p + 1, "#");
		const char *text = md(q, copy(q, p + 1, end));
		if (*text && !found)
			found = text;
		p = end;
	}
	return found;
}

static bool add_truth(struct question *q, bool value)
{
	struct node *card = card_of(q, "truefalse");
	const char *why = truth_feedback(q);
	draft_text(q->a, card, "statement", stem(q));
	draft_text(q->a, card, "answer", value ? "true" : "false");
	if (!q->g->card)
		draft_text(q->a, card, "why",
			   why     ? why
			   : value ? "The statement is true."
				   : "The statement is false.");
	return add(q, card);
}

static bool is_right(const struct answer *a)
{
	return a->weighed ? a->weight > 0 : a->right;
}

static bool add_choice(struct question *q)
{
	struct node *card = card_of(q, "choice"), *options = node_new(q->a, NODE_LIST);
	size_t right = 0, shares = 0;
	for (size_t i = 0; i < q->count; i++) {
		const struct answer *a = &q->answers[i];
		struct node *o = draft_map(q->a, NULL);
		draft_text(q->a, o, "text", md(q, a->text));
		if (is_right(a))
			draft_text(q->a, o, "right", "true");
		if (a->feedback)
			draft_text(q->a, o, "why", md(q, a->feedback));
		node_append(options, o);
		right += is_right(a);
		shares += a->weighed && a->weight > 0 && a->weight < 100;
	}
	bool some = shares && shares != right;
	for (size_t i = 0; !some && i < q->count; i++)
		some = is_right(&q->answers[i]) && shares &&
		       q->answers[i].weight * (double)right < 99;
	if (some)
		warn(q, "degrees of right are not kept: every answer that is worth something is "
			"right");
	draft_text(q->a, card, "question", stem(q));
	if (right > 1)
		draft_text(q->a, card, "choose", arena_printf(q->a, "%zu", right));
	node_set(q->a, card, "options", options);
	return add(q, card);
}

static const char *arrow(const char *text)
{
	for (const char *p = text; *p; p += *p == '\\' && p[1] ? 2 : 1)
		if (p[0] == '-' && p[1] == '>')
			return p;
	return NULL;
}

static bool add_matching(struct question *q)
{
	struct node *card = card_of(q, "matching");
	struct node *pairs = node_new(q->a, NODE_LIST), *decoys = node_new(q->a, NODE_LIST);
	for (size_t i = 0; i < q->count; i++) {
		const char *text = q->answers[i].text, *at = arrow(text);
		if (!at)
			return draft_skip(q->g->r->drafts, q->g->pos, "a pair has no \"->\"");
		const char *left = line(q, copy(q, text, at));
		const char *right = line(q, copy(q, at + 2, at + strlen(at)));
		struct node *pair = draft_map(q->a, NULL);
		if (!*left) {
			draft_item(q->a, decoys, right);
			continue;
		}
		draft_text(q->a, pair, "left", left);
		draft_text(q->a, pair, "right", right);
		node_append(pairs, pair);
	}
	draft_text(q->a, card, "question", stem(q));
	node_set(q->a, card, "pairs", pairs);
	if (decoys->count)
		node_set(q->a, card, "decoys", decoys);
	return add(q, card);
}

/* The pattern of a short answer, whose '*' stands for any text. */
static const char *answer_pattern(struct question *q, const char *raw)
{
	struct str s = {0};
	for (const char *p = raw; *p;) {
		const char *star = find_sign(p, "*");
		const char *piece = arena_strndup(q->a, p, (size_t)(star - p));
		str_add(&s, draft_pattern(q->a, plain(q, piece)));
		str_add(&s, *star ? ".*" : "");
		p = star + (*star != '\0');
	}
	const char *out = arena_strndup(q->a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

static bool add_typed(struct question *q)
{
	struct node *card = card_of(q, "typed"), *accept = node_new(q->a, NODE_LIST);
	const char *show = NULL, *why = NULL;
	bool partly = false;
	for (size_t i = 0; i < q->count; i++) {
		const struct answer *a = &q->answers[i];
		if (a->weighed && a->weight < 100) {
			partly = partly || a->weight > 0;
			continue;
		}
		if (!*a->text || accept->count == MAX_ACCEPT)
			continue;
		draft_item(q->a, accept, answer_pattern(q, a->text));
		if (!show)
			show = line(q, a->text);
		if (!why && a->feedback)
			why = md(q, a->feedback);
	}
	draft_text(q->a, card, "question", stem(q));
	if (q->g->card)
		return add(q, card);
	if (!accept->count)
		return draft_skip(q->g->r->drafts, q->g->pos, "no answer of it is fully right");
	if (partly)
		warn(q, "answers that are right in part are not kept");
	node_set(q->a, card, "accept", accept);
	draft_text(q->a, card, "show", show);
	draft_text(q->a, card, "why", why);
	return add(q, card);
}

/* "{#3.14:0.1}": the number; the tolerance cannot be kept. */
static bool add_number(struct question *q)
{
	struct node *card = card_of(q, "typed"), *accept = node_new(q->a, NODE_LIST);
	const char *p = q->raw + 1 + strspn(q->raw + 1, " \t\r\n=");
	const char *number = copy(q, p, find_sign(p, "#=~:\n"));
	double value;
	if (!str_to_double(number, -1e300, 1e300, &value))
		return draft_skip(q->g->r->drafts, q->g->pos,
				  "numbers between two bounds cannot be asked for");
	if (*find_sign(p, ":") == ':')
		warn(q, "the tolerance is not kept: only the number itself is right");
	draft_item(q->a, accept, draft_pattern(q->a, number));
	draft_text(q->a, card, "question", stem(q));
	node_set(q->a, card, "accept", accept);
	draft_text(q->a, card, "show", number);
	return add(q, card);
}

/* -- one question ------------------------------------------------------------------------------ */

static bool all_pairs(const struct question *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (!q->answers[i].right || !arrow(q->answers[i].text))
			return false;
	return q->count > 0;
}

static bool any_wrong(const struct question *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (!q->answers[i].right)
			return true;
	return false;
}

static bool add_question(struct question *q)
{
	struct drafts *s = q->g->r->drafts;
	bool value = false;
	if (!q->raw)
		return draft_skip(s, q->g->pos, "it is a description and asks nothing");
	if (!q->raw[strspn(q->raw, " \t\r\n")] ||
	    str_starts(q->raw + strspn(q->raw, " \t\r\n"), "####"))
		return draft_skip(s, q->g->pos, "an essay has no answer that could be shown");
	if (is_truth(q, &value))
		return add_truth(q, value);
	if (q->raw[0] == '#')
		return add_number(q);
	if (!read_answers(q))
		return draft_skip(s, q->g->pos, "it has too many answers");
	if (all_pairs(q))
		return add_matching(q);
	return any_wrong(q) ? add_choice(q) : add_typed(q);
}

/* "::title::[format]text{answers}tail". */
static void take_question(struct gift *g)
{
	struct question *q = xcalloc(1, sizeof(*q));
	*q = (struct question){.g = g, .a = &g->scratch};
	struct slice text = trim((struct slice){str_c(&g->text), g->text.len});
	const char *p = arena_strndup(&g->scratch, text.p, text.len);
	if (str_starts(p, "::")) {
		const char *end = p + 2;
		while (*(end = find_sign(end, ":")) && end[1] != ':')
			end++;
		if (*end)
			q->id = slug_of(
				q->a, plain(q, arena_strndup(q->a, p + 2, (size_t)(end - p - 2))));
		p = *end ? end + 2 : p + 2;
		p += strspn(p, " \t\r\n");
	}
	q->markdown = str_starts(p, "[markdown]");
	const char *open = find_sign(p, "{"), *close = *open ? find_sign(open + 1, "}") : open;
	q->stem = copy(q, p, open);
	if (*open) {
		q->raw = copy(q, open + 1, close);
		q->tail = *close ? copy(q, close + 1, close + strlen(close)) : NULL;
	}
	g->r->drafts->report->records++;
	if (!g->deck)
		g->deck = draft_default(g->r->drafts, g->r->path);
	add_question(q);
	g->stop = g->r->drafts->full || !reading_goes_on(g->r, "questions", ++g->count, 0);
	g->card = NULL;
	g->tag_count = 0;
	str_reset(&g->text);
	free(q);
	arena_clear(&g->scratch);
}

/* -- the file ---------------------------------------------------------------------------------- */

/* "$course$/top/A/B" -> "A::B"; "//" is a slash. */
static void take_category(struct gift *g, struct slice path)
{
	struct str s = {0};
	path = trim(path);
	g->head = NULL;
	for (size_t i = 0; i < path.len; i++) {
		bool slash = path.p[i] == '/';
		if (slash && i + 1 < path.len && path.p[i + 1] == '/') {
			str_addc(&s, '/');
			i++;
		} else if (slash) {
			str_add(&s, s.len ? "::" : "");
		} else {
			str_addc(&s, path.p[i]);
		}
		if (slice_is((struct slice){str_c(&s), s.len}, "$course$::") ||
		    slice_is((struct slice){str_c(&s), s.len}, "top::"))
			str_reset(&s);
	}
	const char *key = str_c(&s);
	if (s.len && strcmp(key, "top") != 0 && strcmp(key, "$course$") != 0)
		g->deck = draft_deck(g->r->drafts, key, NULL, draft_path_title(&g->keep, key));
	else
		g->deck = NULL;
	str_clear(&s);
}

static struct node *read_comment(struct gift *g, struct arena *a, struct slice json, struct pos pos)
{
	struct node *root = NULL;
	json = trim(json);
	if (json_read(a, NULL, json.p, json.len, &root, NULL) && root->kind == NODE_MAP)
		return root;
	diag_warn(g->r->d, pos, "import-damaged",
		  "this comment is damaged; what it says of the cards is lost");
	return NULL;
}

/* "// [id:x] [tag:y]": tags as Moodle writes them. */
static void read_tags(struct gift *g, struct slice comment)
{
	const char *p = comment.p, *end = p + comment.len;
	while ((p = memmem(p, (size_t)(end - p), "[tag:", 5)) && g->tag_count < MAX_TAGS) {
		const char *close = memchr(p, ']', (size_t)(end - p));
		if (!close)
			return;
		g->tags[g->tag_count++] =
			arena_strndup(&g->scratch, p + 5, (size_t)(close - p - 5));
		p = close;
	}
}

static void take_comment(struct gift *g, struct slice line, struct pos pos)
{
	static const size_t deck = sizeof(GIFT_DECK_BEGIN) - 1, card = sizeof(GIFT_CARD_BEGIN) - 1;
	if (g->text.len)
		return;
	if (begins(line, GIFT_DECK_BEGIN)) {
		g->head = read_comment(g, &g->keep, (struct slice){line.p + deck, line.len - deck},
				       pos);
		g->deck = g->head ? reading_deck(g->r, g->head) : NULL;
		g->skip_category = g->head != NULL;
	} else if (begins(line, GIFT_CARD_BEGIN)) {
		g->card = read_comment(g, &g->scratch,
				       (struct slice){line.p + card, line.len - card}, pos);
	} else {
		read_tags(g, line);
	}
}

/* How the braces of a line change the depth; where the first one opens. */
static void count_braces(struct gift *g, struct slice line, struct pos pos)
{
	for (size_t i = 0; i < line.len; i++) {
		if (((unsigned char)line.p[i] & 0xc0) != 0x80)
			pos.col++;
		if (line.p[i] == '\\') {
			i++;
			pos.col++;
		} else if (line.p[i] == '{' && !g->depth) {
			g->depth = 1;
			g->brace = (struct pos){pos.file, pos.line, pos.col - 1};
		} else if (line.p[i] == '}') {
			g->depth = 0;
		}
	}
}

static bool take_line(struct gift *g, struct slice line, struct pos pos)
{
	struct slice s = trim(line);
	bool empty = !g->text.len; /* a question begins with a line that is not empty */
	if (begins(s, "//")) {
		take_comment(g, s, pos);
		return true;
	}
	if (!s.len && !g->depth) {
		if (!empty)
			take_question(g);
		return !g->stop;
	}
	if (empty && begins(s, "$CATEGORY:")) {
		if (!g->skip_category)
			take_category(g, (struct slice){s.p + 10, s.len - 10});
		g->skip_category = false;
		return true;
	}
	if (empty)
		g->pos = (struct pos){pos.file, pos.line, (int)(s.p - line.p) + 1};
	count_braces(g, line, pos);
	str_addn(&g->text, line.p, line.len);
	str_addc(&g->text, '\n');
	return g->text.len < MAX_GIFT_QUESTION ||
	       diag_error(g->r->d, g->depth ? g->brace : g->pos, "gift-too-long",
			  "this question has more than %zu bytes; is a \"}\" missing?",
			  MAX_GIFT_QUESTION);
}

static bool take_lines(struct gift *g, const char *text, size_t n)
{
	struct pos pos = {g->r->path, 1, 1};
	bool ok = true;
	for (const char *p = text, *end = text + n; ok && p < end; pos.line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((nl ? nl : end) - p);
		ok = take_line(g, (struct slice){p, len}, pos);
		p += len + 1;
	}
	if (ok && g->depth)
		return diag_error(g->r->d, g->brace, "gift-open",
				  "the \"{\" that opens here is never closed");
	if (ok && g->text.len)
		take_question(g);
	return ok && !g->stop;
}

bool read_gift_text(const struct reading *r, const char *text, size_t n)
{
	struct gift *g = xcalloc(1, sizeof(*g));
	g->r = r;
	bool ok = reading_is_text(r, text, n) && take_lines(g, text, n);
	str_clear(&g->text);
	arena_clear(&g->keep);
	arena_clear(&g->scratch);
	free(g);
	return ok;
}

bool read_gift(const struct reading *r)
{
	return reading_whole(r, read_gift_text);
}
