/* textout.c -- cards as Anki's text files; the format is in ankitext.h.
 *
 * Every record names its guid, note type and deck, so that no choice is left to the dialog in Anki
 * and a second import updates. A note type that does not exist there makes Anki leave the record
 * out, and in a German Anki "Basic" does not exist: hence --notetype, and with --split a file per
 * type, where Anki falls back to the type in use instead. */
#include "exchange/ankitext.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	char separator;
	const char *word;
} separators[] = {{',', "Comma"}, {';', "Semicolon"}, {'\t', "Tab"},
		  {' ', "Space"}, {'|', "Pipe"},      {':', "Colon"}};

static const char *separator_word(char c)
{
	for (size_t i = 0; i < ARRAY_LEN(separators); i++)
		if (separators[i].separator == c)
			return separators[i].word;
	return "Comma";
}

static void add_column(struct str *out, const char *name, int column)
{
	if (column)
		str_addf(out, "#%s column:%d\n", name, column);
}

void ankitext_write(struct str *out, const struct ankitext *t)
{
	str_addf(out, "#separator:%s\n", separator_word(t->separator));
	str_addf(out, "#html:%s\n", t->html ? "true" : "false");
	if (t->notetype)
		str_addf(out, "#notetype:%s\n", t->notetype);
	if (t->deck)
		str_addf(out, "#deck:%s\n", t->deck);
	add_column(out, "guid", t->guid_column);
	add_column(out, "notetype", t->notetype_column);
	add_column(out, "deck", t->deck_column);
	add_column(out, "tags", t->tags_column);
	str_add(out, "#if matches:update current\n");
}

/* One file, or one a note type: NOTE_BASIC alone then stands for all. */
struct text {
	struct sink sinks[NOTE_TYPE_COUNT];
	struct csv_out csv;
	struct str tags;
};

static const char *type_name(const struct export *x, enum note_type type)
{
	return x->o.names[type] ? x->o.names[type] : note_stock_names[type];
}

/* "a/b.csv" and "cloze" -> "a/b-cloze.csv". */
static const char *split_path(struct export *x, enum note_type type)
{
	const char *path = x->o.path, *dot = strrchr(path_base(path), '.');
	size_t stem = dot && dot > path_base(path) ? (size_t)(dot - path) : strlen(path);
	return arena_printf(&x->arena, "%.*s-%s%s", (int)stem, path, note_type_words[type],
			    path + stem);
}

static bool open_file(struct export *x, struct sink *s, const char *path, enum note_type type,
		      struct diags *d)
{
	char separator = x->o.format == EXPORT_ANKI_TSV ? '\t' : ',';
	bool split = x->o.split;
	if (!sink_open(s, path, d))
		return false;
	ankitext_write(&s->buffer, &(struct ankitext){.separator = separator,
						      .html = true,
						      .notetype = split ? type_name(x, type) : NULL,
						      .guid_column = 1,
						      .notetype_column = split ? 0 : 2,
						      .deck_column = split ? 2 : 3,
						      .tags_column = split ? 5 : 6});
	return true;
}

static bool text_open(struct export *x, struct diags *d)
{
	struct text *t = xcalloc(1, sizeof(*t));
	x->format = t;
	t->csv = (struct csv_out){.separator = x->o.format == EXPORT_ANKI_TSV ? '\t' : ',',
				  .hash = true};
	return x->o.split || open_file(x, &t->sinks[NOTE_BASIC], x->o.path, NOTE_BASIC, d);
}

static void field(struct csv_out *c, const char *text)
{
	csv_field(c, text, strlen(text));
}

static void write_note(struct export *x, struct text *t, const struct note *n)
{
	struct csv_out *c = &t->csv;
	str_reset(&t->tags);
	for (size_t i = 0; i < n->tag_count; i++) {
		str_add(&t->tags, i ? " " : "");
		str_add(&t->tags, n->tags[i]);
	}
	field(c, n->guid);
	if (!x->o.split)
		field(c, type_name(x, n->type));
	field(c, n->deck);
	for (size_t i = 0; i < n->field_count; i++)
		csv_field(c, n->fields[i].p, n->fields[i].len);
	csv_field(c, str_c(&t->tags), t->tags.len);
	csv_end(c);
}

static bool text_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct text *t = x->format;
	struct note *notes;
	size_t n = export_notes(x, item, false, &notes);
	for (size_t i = 0; i < n; i++) {
		enum note_type type = notes[i].type == NOTE_TYPED ? NOTE_BASIC : notes[i].type;
		struct sink *s = &t->sinks[x->o.split ? type : NOTE_BASIC];
		if (!s->file && !open_file(x, s, split_path(x, type), type, d))
			return false;
		t->csv.out = &s->buffer;
		write_note(x, t, &notes[i]);
		if (!sink_tick(s, d))
			return false;
	}
	x->report.notes += n;
	return true;
}

static bool text_finish(struct export *x, struct diags *d)
{
	struct text *t = x->format;
	for (size_t i = 0; i < NOTE_TYPE_COUNT; i++) {
		struct sink *s = &t->sinks[i];
		if (!s->file)
			continue;
		if (!sink_commit(s, d))
			return false;
		export_wrote(x, s->path ? s->path : "-");
	}
	return true;
}

static void text_close(struct export *x)
{
	struct text *t = x->format;
	if (!t)
		return;
	for (size_t i = 0; i < NOTE_TYPE_COUNT; i++)
		sink_drop(&t->sinks[i]);
	str_clear(&t->tags);
	free(t);
}

const struct export_ops export_anki_text = {
	.open = text_open,
	.card = text_card,
	.finish = text_finish,
	.close = text_close,
};
