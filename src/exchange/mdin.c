/* mdin.c -- cards in Markdown text: the form that we write (mdcards.h), and two that people use.
 *
 *	**Front:**            Q: How long ...?        C: A [stage] cache keeps an entry
 *	How long ...?         A: 300 seconds.            [300] seconds.
 *	**Back:**
 *	300 seconds.          ---
 *
 * One walk over the lines: a mark begins a section, a line is added to the section that is open. A
 * heading or a rule may belong to the text or stand between two cards; which of the two is known
 * when the next line of text comes, so it waits until then. A heading between cards names the topic
 * of those below it, which becomes their tag; "# Title" at the top names the deck. */
#include "exchange/mdcards.h"

#include "base/json.h"
#include "base/markdown.h"
#include "exchange/htmltag.h"
#include "exchange/readers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum form { FORM_NONE, FORM_FACES, FORM_HOLES, FORM_OURS };

struct md {
	const struct reading *r;
	struct arena scratch; /* of one card */
	struct arena keep;    /* of the file */
	struct draft *deck;   /* NULL: not known yet */
	const struct node *head;
	const char *title, *topic;
	enum form form;
	struct node *card; /* FORM_OURS: what the comment says */
	struct pos pos;    /* where the card begins */
	bool open[MD_SECTION_COUNT];
	struct str text[MD_SECTION_COUNT];
	struct str *section; /* lines go here; NULL: to no card */
	struct str pending;  /* headings, rules and empty lines that wait */
	const char *heading; /* the last heading among them */
	unsigned level;      /* its level */
	int lost_line;       /* the first line of text that belongs to no card; 0: none */
	size_t cards;
	bool stop;
};

/* -- lines ------------------------------------------------------------------------------------- */

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r", s.p[i]))
			return false;
	return true;
}

static struct slice trim(struct slice s)
{
	while (s.len && strchr(" \t\r", s.p[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t\r", *s.p)) {
		s.p++;
		s.len--;
	}
	return s;
}

static bool begins(struct slice s, const char *text)
{
	size_t n = strlen(text);
	return s.len >= n && strncasecmp(s.p, text, n) == 0;
}

static struct slice skip(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.len - n};
}

enum mark { MARK_NONE, MARK_SECTION, MARK_HOLES };
static const struct {
	const char *word;
	enum mark mark;
	enum md_section section;
} words[] = {
	{"Front", MARK_SECTION, MD_FRONT},     {"Back", MARK_SECTION, MD_BACK},
	{"Question", MARK_SECTION, MD_FRONT},  {"Answer", MARK_SECTION, MD_BACK},
	{"Hint", MARK_SECTION, MD_HINT},       {"Why", MARK_SECTION, MD_WHY},
	{"Explanation", MARK_SECTION, MD_WHY}, {"Cloze", MARK_HOLES, MD_FRONT},
	{"Q", MARK_SECTION, MD_FRONT},         {"A", MARK_SECTION, MD_BACK},
	{"C", MARK_HOLES, MD_FRONT},
};

/* "**Front:** text", "Front: text", "Q: text", "### Back": what it is, and the text behind it. */
static enum mark read_mark(struct slice line, enum md_section *section, struct slice *rest)
{
	struct slice s = trim(line);
	size_t hashes = 0, stars = 0;
	while (hashes < s.len && s.p[hashes] == '#')
		hashes++;
	if (hashes)
		s = trim(skip(s, hashes));
	while (stars < s.len && stars < 2 && (s.p[stars] == '*' || s.p[stars] == '_'))
		stars++;
	s = skip(s, stars);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!begins(s, words[i].word))
			continue;
		struct slice tail = skip(s, strlen(words[i].word));
		size_t after = 0;
		bool colon = false;
		while (after < tail.len && strchr(":*_", tail.p[after]) && after < stars + 1) {
			colon |= tail.p[after] == ':';
			after++;
		}
		bool alone = after == tail.len;
		/* One letter has to stand in its case and before a blank: "A: b", but no "a:b". */
		bool letter = words[i].word[1] == '\0';
		if ((!colon && !(hashes && alone)) ||
		    (letter && (*s.p != words[i].word[0] || hashes)))
			continue;
		if (!alone && !strchr(" \t", tail.p[after]))
			continue;
		*section = words[i].section;
		*rest = trim(skip(tail, after));
		return words[i].mark;
	}
	return MARK_NONE;
}

/* "## Text" or "<h5>Text</h5>": its level, and the text. 0: no heading. */
static unsigned heading_of(struct slice line, struct slice *text)
{
	struct slice s = trim(line);
	size_t n = 0;
	while (n < s.len && n < 7 && s.p[n] == '#')
		n++;
	if (n && n < 7 && n < s.len && s.p[n] == ' ') {
		*text = trim(skip(s, n));
		return (unsigned)n;
	}
	if (s.len > 9 && begins(s, "<h") && s.p[2] >= '1' && s.p[2] <= '6' &&
	    strncasecmp(s.p + s.len - 5, "</h", 3) == 0) {
		*text = s;
		return (unsigned)(s.p[2] - '0');
	}
	return 0;
}

static bool is_rule(struct slice line)
{
	struct slice s = trim(line);
	if (s.len < 3 || !strchr("-*_", *s.p))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (s.p[i] != *s.p)
			return false;
	return true;
}

/* -- cards ------------------------------------------------------------------------------------- */

static const char *words_of(struct md *m, struct arena *a, struct slice s)
{
	struct str out = {0};
	const char *text = arena_strndup(a, s.p, s.len);
	md_words(&out, *text == '<' ? reading_md(m->r, a, text) : text);
	text = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return text;
}

/* A section without empty lines at its ends; NULL when it is empty. */
static const char *section_text(struct md *m, enum md_section i)
{
	const char *p = str_c(&m->text[i]);
	size_t n = m->text[i].len;
	while (n && strchr(" \t\r\n", p[n - 1]))
		n--;
	while (n) {
		size_t line = strcspn(p, "\n");
		if (line >= n || !is_blank((struct slice){p, line}))
			break;
		p += line + 1;
		n -= line + 1;
	}
	return n ? arena_strndup(&m->scratch, p, n) : NULL;
}

/* "A [stage] cache" -> "A {{c1::stage}} cache". Links and what has a backslash stay. */
static const char *make_holes(struct arena *a, const char *text)
{
	struct str s = {0};
	int number = 0;
	if (strstr(text, "{{c"))
		return text;
	for (const char *p = text; *p; p++) {
		size_t n = *p == '[' ? strcspn(p, "]\n") : 0;
		if (*p == '\\' && p[1]) {
			str_addn(&s, p++, 2);
		} else if (n > 1 && p[n] == ']' && p[n + 1] != '(' && (p == text || p[-1] != '!')) {
			str_addf(&s, "{{c%d::%.*s}}", ++number, (int)(n - 1), p + 1);
			p += n;
		} else {
			str_addc(&s, *p);
		}
	}
	const char *out = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

/* HTML line breaks, the one tag that people use in Markdown. */
static const char *mend_breaks(struct arena *a, const char *text)
{
	static const char *const tags[] = {"<br>", "<br/>", "<br />"};
	struct str s = {0};
	if (!text || !strcasestr(text, "<br"))
		return text;
	bool table = false;
	for (const char *p = text; *p;) {
		size_t n = 0;
		if (p == text || p[-1] == '\n')
			table = p[strspn(p, " ")] == '|';
		for (size_t i = 0; *p == '<' && i < ARRAY_LEN(tags); i++)
			if (strncasecmp(p, tags[i], strlen(tags[i])) == 0)
				n = strlen(tags[i]);
		if (n)
			str_add(&s, table ? " " : p[n] == '\n' ? "\\" : "\\\n");
		else
			str_addc(&s, *p);
		p += n ? n : 1;
	}
	const char *out = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return out;
}

static void set(struct md *m, struct node *card, const char *key, enum md_section section)
{
	draft_text(&m->scratch, card, key, section_text(m, section));
}

/* The texts of a card of ours into what its comment says. */
static void fill_ours(struct md *m, struct node *card)
{
	static const struct {
		const char *kind, *front, *back;
	} keys[] = {{"basic", "front", "back"},
		    {"reversed", "front", "back"},
		    {"cloze", "text", NULL},
		    {"truefalse", "statement", NULL},
		    {"typed", "question", "show"}};
	const char *kind = node_text(card, "kind");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!str_eq(kind, keys[i].kind))
			continue;
		set(m, card, keys[i].front, MD_FRONT);
		if (keys[i].back)
			set(m, card, keys[i].back, MD_BACK);
	}
	const char *back = section_text(m, MD_BACK);
	if (str_eq(kind, "truefalse") && back &&
	    (strcasecmp(back, "true") == 0 || strcasecmp(back, "false") == 0))
		draft_text(&m->scratch, card, "answer",
			   strcasecmp(back, "true") == 0 ? "true" : "false");
	set(m, card, "hint", MD_HINT);
	set(m, card, "why", MD_WHY);
	set(m, card, "lore", MD_LORE);
}

static struct node *make_theirs(struct md *m)
{
	struct arena *a = &m->scratch;
	const char *front = mend_breaks(a, section_text(m, MD_FRONT));
	const char *back = mend_breaks(a, section_text(m, MD_BACK));
	bool holes = m->form == FORM_HOLES || (front && !back && strstr(front, "{{c1::"));
	struct node *card = draft_map(a, holes ? "cloze" : "basic");
	if (!front || (!back && !holes)) {
		draft_skip(m->r->drafts, m->pos,
			   front ? "it has no answer" : "its question is empty");
		return NULL;
	}
	draft_text(a, card, holes ? "text" : "front",
		   m->form == FORM_HOLES ? make_holes(a, front) : front);
	draft_text(a, card, "why", mend_breaks(a, section_text(m, MD_WHY)));
	draft_text(a, card, holes ? "why" : "back", back);
	draft_text(a, card, "hint", mend_breaks(a, section_text(m, MD_HINT)));
	const char *topic = m->topic ? slug_of(a, m->topic) : "";
	if (*topic)
		draft_tags(m->r->drafts, a, card, &topic, 1);
	return card;
}

static struct draft *deck_of(struct md *m)
{
	if (!m->deck && m->title && !m->r->drafts->o->title)
		m->deck = draft_deck(m->r->drafts, arena_printf(&m->keep, "\n%s", m->r->path),
				     m->r->drafts->o->deck, m->title);
	if (!m->deck)
		m->deck = draft_default(m->r->drafts, m->r->path);
	return m->deck;
}

/* The card that was being read is whole. */
static void end_card(struct md *m)
{
	struct node *card = m->card;
	if (m->form != FORM_NONE) {
		m->r->drafts->report->records++;
		if (m->form == FORM_OURS)
			fill_ours(m, card);
		else
			card = make_theirs(m);
		if (card)
			draft_add(
				m->r->drafts, deck_of(m), &m->scratch,
				&(struct draft_card){.card = card, .head = m->head, .pos = m->pos},
				NULL);
		m->stop = m->r->drafts->full || !reading_goes_on(m->r, "cards", ++m->cards, 0);
	}
	m->form = FORM_NONE;
	m->card = NULL;
	m->section = NULL;
	for (int i = 0; i < MD_SECTION_COUNT; i++) {
		str_reset(&m->text[i]);
		m->open[i] = false;
	}
	arena_clear(&m->scratch);
}

/* -- the walk ---------------------------------------------------------------------------------- */

/* What waited stood between cards: its heading is the topic. */
static void drop_pending(struct md *m)
{
	if (m->heading && m->level == 1 && !m->title && !m->cards)
		m->title = m->heading;
	else if (m->heading)
		m->topic = m->heading;
	m->heading = NULL;
	str_reset(&m->pending);
}

/* What waited belongs to the text. */
static void keep_pending(struct md *m)
{
	if (m->section)
		str_addn(m->section, str_c(&m->pending), m->pending.len);
	else
		drop_pending(m);
	m->heading = NULL;
	str_reset(&m->pending);
}

static void open_section(struct md *m, enum md_section section, struct slice rest)
{
	m->section = &m->text[section];
	m->open[section] = true;
	str_addn(m->section, rest.p, rest.len);
	str_addc(m->section, '\n');
}

static void begin_card(struct md *m, enum form form, struct pos pos)
{
	end_card(m);
	drop_pending(m);
	m->form = form;
	m->pos = pos;
}

/* A line of one of our comments: its JSON, in the arena; NULL: damaged, which is said. */
static struct node *read_comment(struct md *m, struct arena *a, struct slice line,
				 const char *begin, struct pos pos)
{
	size_t head = strlen(begin), tail = strlen(MD_COMMENT_END);
	struct node *root = NULL;
	line = trim(line);
	bool ends = line.len >= head + tail &&
		    memcmp(line.p + line.len - tail, MD_COMMENT_END, tail) == 0;
	if (ends && json_read(a, NULL, line.p + head, line.len - head - tail, &root, NULL) &&
	    root->kind == NODE_MAP)
		return root;
	diag_warn(m->r->d, pos, "import-damaged",
		  "this comment is damaged; what it says of the cards is lost");
	return NULL;
}

static bool take_comment(struct md *m, struct slice line, struct pos pos)
{
	if (begins(line, MD_DECK_BEGIN)) {
		end_card(m);
		drop_pending(m);
		const struct node *head = read_comment(m, &m->keep, line, MD_DECK_BEGIN, pos);
		if (head) {
			m->head = head;
			m->deck = reading_deck(m->r, head);
		}
		return true;
	}
	if (!begins(line, MD_CARD_BEGIN))
		return false;
	begin_card(m, FORM_NONE, pos);
	m->card = read_comment(m, &m->scratch, line, MD_CARD_BEGIN, pos);
	m->form = m->card ? FORM_OURS : FORM_NONE;
	return true;
}

/* Sections of our form, on lines of their own. */
static bool take_our_mark(struct md *m, struct slice line)
{
	line = trim(line);
	for (int i = 0; i < MD_SECTION_COUNT; i++)
		if (slice_is(line, md_section_marks[i])) {
			str_reset(&m->pending);
			m->section = &m->text[i];
			return true;
		}
	return false;
}

/* Take off the backslash that keeps a line of text from being a mark. */
static struct slice unescaped(struct slice line)
{
	struct slice s = line;
	while (s.len && *s.p == '\\')
		s = skip(s, 1);
	struct slice whole = s;
	while (whole.len && strchr(" \t\r", whole.p[whole.len - 1]))
		whole.len--;
	bool mark = begins(s, "## ") || begins(s, "# ") || begins(s, "<!-- gatedrill");
	for (int i = 0; i < MD_SECTION_COUNT; i++)
		mark = mark || slice_is(whole, md_section_marks[i]);
	return mark && s.len < line.len ? skip(line, 1) : line;
}

static bool take_mark(struct md *m, struct slice line, struct pos pos)
{
	enum md_section section;
	struct slice rest;
	enum mark mark = read_mark(line, &section, &rest);
	if (mark == MARK_NONE)
		return false;
	bool new = mark == MARK_HOLES || section == MD_FRONT;
	if (!new && (m->form == FORM_NONE || m->open[section]))
		return false;
	if (new)
		begin_card(m, mark == MARK_HOLES ? FORM_HOLES : FORM_FACES, pos);
	str_reset(&m->pending);
	open_section(m, section, rest);
	return true;
}

static void take_line(struct md *m, struct slice line, struct pos pos)
{
	struct slice heading = {"", 0};
	unsigned level = 0;
	if (take_comment(m, line, pos))
		return;
	bool ours = m->form == FORM_OURS;
	if (ours ? take_our_mark(m, line) : take_mark(m, line, pos))
		return;
	bool waits = is_blank(line) || (!ours && is_rule(line));
	if (ours ? begins(line, "# ") || begins(line, "## ") : true)
		level = heading_of(line, &heading);
	if (level) {
		m->heading = words_of(m, &m->keep, heading);
		m->level = level;
	}
	if (waits || level) {
		str_addn(&m->pending, line.p, line.len);
		str_addc(&m->pending, '\n');
		return;
	}
	if (!m->section && !m->lost_line)
		m->lost_line = pos.line;
	keep_pending(m);
	if (m->section) {
		line = ours ? unescaped(line) : line;
		str_addn(m->section, line.p, line.len);
		str_addc(m->section, '\n');
	}
}

/* Text that stood between cards is said once for each stretch. */
static void say_lost(struct md *m, bool now)
{
	if (!m->lost_line || (!now && !m->section))
		return;
	diag_warn(m->r->d, (struct pos){m->r->path, m->lost_line, 1}, "import-card",
		  "this text belongs to no card");
	m->lost_line = 0;
}

bool read_markdown_text(const struct reading *r, const char *text, size_t n)
{
	struct md m = {.r = r};
	struct pos pos = {r->path, 1, 1};
	if (!reading_is_text(r, text, n))
		return false;
	for (const char *p = text, *end = text + n; p < end && !m.stop; pos.line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((nl ? nl : end) - p);
		take_line(&m, (struct slice){p, len && p[len - 1] == '\r' ? len - 1 : len}, pos);
		say_lost(&m, false);
		p += len + 1;
	}
	end_card(&m);
	say_lost(&m, true);
	for (int i = 0; i < MD_SECTION_COUNT; i++)
		str_clear(&m.text[i]);
	str_clear(&m.pending);
	arena_clear(&m.scratch);
	arena_clear(&m.keep);
	return !m.stop;
}

bool read_markdown(const struct reading *r)
{
	return reading_whole(r, read_markdown_text);
}
