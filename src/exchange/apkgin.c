/* apkgin.c -- Anki packages to notes, and their history.
 *
 * The collection is unpacked into a file that loses its name as soon as it is open. Cards are read
 * first, because they say in which deck a note is, at which place, and which of its templates are
 * in use; they are kept as one row of numbers each, sorted by note. Then the notes go by, one at a
 * time. With the history each Anki card is remembered under the card and part it became, and the
 * review log follows. */
#include "base/file.h"
#include "exchange/clean.h"
#include "exchange/notein.h"
#include "exchange/readers.h"
#include "exchange/unpack.h"
#include "store/ankidb.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

/* An Anki card. */
struct seen {
	int64_t note, id, deck, position;
	int64_t due;
	int ord, flags;
	bool suspended, review;
};
/* What it became. */
struct link {
	int64_t id;
	struct draft *deck;
	const char *card, *part;
	const struct seen *seen;
	size_t reviews;
};

struct package {
	const struct reading *r;
	struct ankidb *db;
	struct arena arena;   /* note types, decks */
	struct arena scratch; /* of one note */
	struct anki_notetype *types;
	struct note_kind *kinds; /* of types */
	struct anki_deck *decks;
	size_t type_count, deck_count;
	struct seen *seen; /* by note */
	size_t seen_count, seen_cap;
	struct link *links;
	size_t link_count, link_cap;
	size_t notes, total;
};

/* -- note types and decks ---------------------------------------------------------------------- */

static int by_type(const void *a, const void *b)
{
	const struct anki_notetype *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static int by_deck(const void *a, const void *b)
{
	const struct anki_deck *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void read_kind(struct package *p, const struct anki_notetype *t, struct note_kind *out)
{
	struct tmpl *templates =
		arena_alloc(&p->arena, (t->template_count + 1) * sizeof(*templates));
	bool cloze = false;
	for (size_t i = 0; i < t->template_count; i++) {
		tmpl_read(&templates[i], &p->arena, t->templates[i].question,
			  t->templates[i].answer, t->fields, t->field_count);
		cloze |= templates[i].cloze;
	}
	*out = (struct note_kind){.cloze = t->cloze && cloze,
				  .templates = templates,
				  .template_count = t->template_count,
				  .optional = SIZE_MAX};
}

static bool read_types(struct package *p)
{
	if (!ankidb_notetypes(p->db, &p->arena, &p->types, &p->type_count, p->r->d) ||
	    !ankidb_decks(p->db, &p->arena, &p->decks, &p->deck_count, p->r->d))
		return false;
	if (p->type_count)
		qsort(p->types, p->type_count, sizeof(*p->types), by_type);
	if (p->deck_count)
		qsort(p->decks, p->deck_count, sizeof(*p->decks), by_deck);
	p->kinds = arena_alloc(&p->arena, (p->type_count + 1) * sizeof(*p->kinds));
	for (size_t i = 0; i < p->type_count; i++)
		read_kind(p, &p->types[i], &p->kinds[i]);
	return true;
}

static const struct note_kind *kind_of(const struct package *p, int64_t id)
{
	const struct anki_notetype key = {.id = id};
	const struct anki_notetype *t =
		p->type_count ? bsearch(&key, p->types, p->type_count, sizeof(key), by_type) : NULL;
	return t && p->kinds[t - p->types].template_count ? &p->kinds[t - p->types] : NULL;
}

static const struct anki_deck *deck_of(const struct package *p, int64_t id)
{
	const struct anki_deck key = {.id = id};
	return p->deck_count ? bsearch(&key, p->decks, p->deck_count, sizeof(key), by_deck) : NULL;
}

/* -- cards ------------------------------------------------------------------------------------- */

/* The place of a card that was new: "pos" in its data, the one thing in there that is needed. */
static int64_t old_position(const char *data)
{
	const char *pos = strstr(data, "\"pos\":");
	long long n = 0;
	char digits[12];
	size_t len = pos ? strspn(pos + 6, "0123456789") : 0;
	if (!len || len >= sizeof(digits))
		return -1;
	memcpy(digits, pos + 6, len);
	digits[len] = '\0';
	return str_to_i64(digits, 0, INT32_MAX, &n) ? n : -1;
}

static bool see_card(void *ctx, const struct anki_card *c)
{
	struct package *p = ctx;
	p->seen = array_grow(p->seen, &p->seen_cap, p->seen_count + 1, sizeof(*p->seen));
	p->seen[p->seen_count++] = (struct seen){
		.note = c->note,
		.id = c->id,
		.deck = c->deck,
		.position = c->type == ANKI_NEW ? c->due : old_position(c->data),
		.due = c->due,
		.ord = c->ord,
		.flags = c->flags & 7,
		.suspended = c->queue == ANKI_Q_SUSPENDED,
		.review = c->type == ANKI_REVIEW && c->due >= 0 && c->due < 200000,
	};
	return reading_goes_on(p->r, "cards", p->seen_count, 0);
}

static int by_note(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	if (x->note != y->note)
		return x->note < y->note ? -1 : 1;
	return x->ord != y->ord ? (x->ord > y->ord) - (x->ord < y->ord)
				: (x->id > y->id) - (x->id < y->id);
}

/* The cards of a note: the first, and how many; NULL: none. */
static const struct seen *cards_of(const struct package *p, int64_t note, size_t *count)
{
	size_t low = 0, high = p->seen_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->seen[middle].note < note)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < p->seen_count && p->seen[low + *count].note == note)
		++*count;
	return *count ? p->seen + low : NULL;
}

/* -- notes ------------------------------------------------------------------------------------- */

static size_t split_tags(struct package *p, const char *text, const char **tags)
{
	char *copy = arena_strdup(&p->scratch, text);
	size_t n = 0;
	while (*(copy += strspn(copy, " \t\n")) && n < MAX_TAGS) {
		size_t len = strcspn(copy, " \t\n");
		tags[n++] = copy;
		copy += len;
		if (*copy)
			*copy++ = '\0';
	}
	return n;
}

static const char *part_of(struct package *p, const struct note_made *made, int ord)
{
	if (made->cloze)
		return arena_printf(&p->arena, "c%d", ord + 1);
	return made->reversed && ord == 1 ? "reverse" : made->part;
}

static void remember(struct package *p, const struct note_made *made, const struct seen *cards,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int ord = cards[i].ord;
		size_t slot = made->cloze ? 0 : (size_t)ord;
		if (ord < 0 || (made->cloze && ord >= MAX_CLOZE) || slot >= MAX_NOTE_TEMPLATES ||
		    !made->ids[slot])
			continue;
		p->links = array_grow(p->links, &p->link_cap, p->link_count + 1, sizeof(*p->links));
		p->links[p->link_count++] = (struct link){
			.id = cards[i].id,
			.deck = made->deck,
			.card = made->ids[slot],
			.part = part_of(p, made, ord),
			.seen = &cards[i],
		};
	}
}

static void fill_from_cards(struct package *p, struct note_in *n, const struct seen *cards,
			    size_t count)
{
	int64_t position = -1;
	for (size_t i = 0; i < count; i++) {
		if (cards[i].ord >= 0 && cards[i].ord < MAX_NOTE_TEMPLATES)
			n->ords |= UINT64_C(1) << cards[i].ord;
		if (cards[i].position >= 0 && (position < 0 || cards[i].position < position))
			position = cards[i].position;
	}
	const struct anki_deck *deck = count ? deck_of(p, cards[0].deck) : NULL;
	size_t lost = 0;
	n->deck = deck ? clean_text(&p->scratch, deck->name, strlen(deck->name), &lost) : NULL;
	n->position = position > 0 ? position : 0;
}

static bool take_note(void *ctx, const struct anki_note *note)
{
	struct package *p = ctx;
	struct drafts *s = p->r->drafts;
	const char *tags[MAX_TAGS];
	struct note_made made = {.part = ""};
	size_t count;
	arena_clear(&p->scratch);
	struct note_in n = {
		.pos = {p->r->path, 0, 0},
		.file = p->r->path,
		.guid = note->guid,
		.has_tags = true,
		.tags = tags,
		.tag_count = split_tags(p, note->tags, tags),
		.fields = note->fields,
		.field_count = note->field_count,
		.kind = kind_of(p, note->notetype),
	};
	const struct seen *cards = cards_of(p, note->id, &count);
	fill_from_cards(p, &n, cards, count);
	s->report->records++;
	if (note_take(s, &p->scratch, &n, s->o->progress ? &made : NULL) && s->o->progress)
		remember(p, &made, cards, count);
	return !s->full && reading_goes_on(p->r, "notes", ++p->notes, p->total);
}

/* -- history ----------------------------------------------------------------------------------- */

static int by_link(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void log_event(struct package *p, const struct link *l, enum srs_op op, int arg, int64_t ms,
		      int64_t took_ms)
{
	struct moment at = {ms, p->r->drafts->o->now.off_min};
	draft_log(p->r->drafts, l->deck,
		  &(struct import_answer){.card = l->card,
					  .part = l->part,
					  .event = {.op = op, .arg = arg, .at = at},
					  .took_ms = took_ms});
}

/* What a row of Anki's log is here. False: nothing. */
static bool operation(const struct anki_review *r, enum srs_op *op, int *arg)
{
	bool graded = r->ease >= 1 && r->ease <= 4;
	*arg = r->ease;
	if (r->type >= 0 && r->type <= 2 && graded)
		*op = SRS_OP_ANSWER;
	else if (r->type == 3 && graded)
		*op = r->factor ? SRS_OP_ANSWER : SRS_OP_CRAM;
	else if (r->type == 4 && r->factor == 0)
		*op = SRS_OP_RESET;
	else if (r->type == 4 && r->ivl >= 0 && r->ivl <= 36500)
		*op = SRS_OP_DUE;
	else
		return false;
	if (*op == SRS_OP_RESET)
		*arg = 0;
	else if (*op == SRS_OP_DUE)
		*arg = (int)r->ivl;
	return true;
}

static bool take_review(void *ctx, const struct anki_review *r)
{
	struct package *p = ctx;
	struct drafts *s = p->r->drafts;
	const struct link key = {.id = r->card};
	struct link *l =
		p->link_count ? bsearch(&key, p->links, p->link_count, sizeof(key), by_link) : NULL;
	enum srs_op op;
	int arg;
	s->report->reviews++;
	if (!l || r->id <= 0 || r->id > s->o->now.ms + DAY_MS || !operation(r, &op, &arg)) {
		s->report->reviews_left_out++;
	} else {
		int64_t took = r->time_ms > 0 && r->time_ms < DAY_MS ? r->time_ms : 0;
		log_event(p, l, op, arg, r->id, took);
		l->reviews++;
	}
	return reading_goes_on(p->r, "reviews", s->report->reviews, 0);
}

/* What the log does not say: that a card is suspended, its flag; and of a card without any log when
 * it is due. */
static void take_states(struct package *p)
{
	const struct import_options *o = p->r->drafts->o;
	int32_t today = day_of(o->now, o->day_start_min);
	struct moment created = {ankidb_created_s(p->db) * 1000, o->now.off_min};
	int32_t first = created.ms > 0 && created.ms < o->now.ms + DAY_MS
				? day_of(created, o->day_start_min)
				: today;
	for (size_t i = 0; i < p->link_count; i++) {
		const struct link *l = &p->links[i];
		int64_t in = first + l->seen->due - today;
		if (!l->reviews && l->seen->review)
			log_event(p, l, SRS_OP_DUE,
				  in < 0       ? 0
				  : in > 36500 ? 36500
					       : (int)in,
				  o->now.ms, 0);
		if (l->seen->flags)
			log_event(p, l, SRS_OP_FLAG, l->seen->flags, o->now.ms, 0);
		if (l->seen->suspended)
			log_event(p, l, SRS_OP_SUSPEND, 0, o->now.ms, 0);
	}
}

static bool take_history(struct package *p)
{
	if (!p->r->drafts->o->progress)
		return true;
	if (p->link_count)
		qsort(p->links, p->link_count, sizeof(*p->links), by_link);
	if (!ankidb_each_review(p->db, take_review, p, p->r->d) || p->r->drafts->full)
		return false;
	take_states(p);
	return true;
}

/* -- the file ---------------------------------------------------------------------------------- */

/* Parts of links live in the package's arena, but draft_log copies them. */
static void clear(struct package *p)
{
	ankidb_close(p->db);
	arena_clear(&p->arena);
	arena_clear(&p->scratch);
	free(p->seen);
	free(p->links);
}

static bool read_open(struct package *p)
{
	const struct reading *r = p->r;
	p->total = ankidb_count(p->db);
	if (!read_types(p) || !ankidb_each_card(p->db, see_card, p, r->d) || r->drafts->full)
		return false;
	if (p->seen_count)
		qsort(p->seen, p->seen_count, sizeof(*p->seen), by_note);
	return ankidb_each_note(p->db, take_note, p, r->d) && !r->drafts->full && take_history(p);
}

/* What went wrong, about the package instead of the file that was made of it. */
static void say_again(const struct reading *r, const struct diags *why, const char *temp)
{
	for (size_t i = 0; i < why->count; i++) {
		const struct diag *x = &why->items[i];
		const char *at = strstr(x->text, temp);
		if (x->level != DIAG_ERROR || !at)
			continue;
		diag_error(r->d, (struct pos){r->path, 0, 0}, x->code, "%.*sits collection%s",
			   (int)(at - x->text), x->text, at + strlen(temp));
		return;
	}
	diags_append(r->d, why);
}

bool read_collection(const struct reading *r, const char *path)
{
	struct diags d = {0};
	struct reading inner = *r;
	struct package p = {.r = &inner};
	inner.d = &d;
	bool ok = ankidb_open(&p.db, path, &d);
	unlink(path);
	ok = ok && read_open(&p);
	clear(&p);
	if (ok)
		diags_append(r->d, &d);
	else
		say_again(r, &d, path);
	diags_clear(&d);
	return ok;
}

bool read_apkg(const struct reading *r)
{
	struct arena a = {0};
	size_t media = 0;
	const char *dir = r->drafts->o->temp_dir ? r->drafts->o->temp_dir : "/tmp";
	const char *temp = file_temp(&a, dir, r->d);
	bool ok = temp && unpack_collection(r->path, temp, &media, r->d);
	r->drafts->report->media += media;
	if (temp && !ok)
		unlink(temp);
	ok = ok && read_collection(r, temp);
	arena_clear(&a);
	return ok;
}
