/* apkgout.c -- cards as an Anki package: a zip around a collection, in the form that every Anki
 * reads (schema 11, no zstd). The collection is filled beside the package and packed when it is
 * whole; the package gets its name when it is on the disk.
 *
 * Ids: note types are for ever, decks come from their slug, so that a second import finds them;
 * notes and cards are counted from the present, since Anki finds notes by guid and only asks that
 * ids be moments that are not ahead. */
#include "base/random.h"
#include "exchange/ankistate.h"
#include "exchange/html.h"
#include "exchange/notetypes.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define FIRST_ID_BACK_MS 36000000 /* ids begin ten hours ago: room for as many notes */
#define DAYS_BACK 3650            /* the collection's first day: no card is due before it */
#define DECK_ID_BASE 1500000000000
#define DECK_ID_RANGE 200000000000

struct apkg {
	struct file_out *file;
	struct ankidb *db;
	char *collection, *package; /* names of files beside; NULL: not there */
	struct ankistate state;
	int64_t next_id, deck_id;
	size_t position; /* of new cards */
	struct str sort, tags;
};

/* -- begin ------------------------------------------------------------------------------------- */

static bool make_collection(struct export *x, struct apkg *p, struct diags *d)
{
	const struct export_options *o = &x->o;
	struct anki_head head = {
		.crt_s =
			day_start_ms(p->state.first_day, o->now.off_min, o->preset->day_start_min) /
			1000,
		.mod_ms = o->now.ms,
		.west_min = -o->now.off_min,
		.notetypes = notetypes,
		.notetype_count = NOTE_TYPE_COUNT,
	};
	const struct anki_deck parent = {DECK_ID_BASE, NOTE_DECK_PARENT, ""};
	if (!ankidb_create(&p->db, p->collection, &head, d))
		return false;
	ankidb_add_deck(p->db, &parent);
	return true;
}

static bool apkg_open(struct export *x, struct diags *d)
{
	struct apkg *p = xcalloc(1, sizeof(*p));
	const struct export_options *o = &x->o;
	bool named = strcmp(o->path, "-") != 0;
	x->format = p;
	p->next_id = o->now.ms - FIRST_ID_BACK_MS;
	p->state =
		(struct ankistate){o->preset, day_of(o->now, o->preset->day_start_min) - DAYS_BACK};
	if (!file_out_open(&p->file, named ? o->path : NULL, d))
		return false;
	const char *aside = file_out_aside(p->file);
	const char *dir = aside ? path_dir(&x->arena, aside) : o->temp_dir;
	p->collection = file_temp(&x->arena, dir, d);
	if (p->collection && !aside)
		p->package = file_temp(&x->arena, dir, d);
	return p->collection && (aside || p->package) && make_collection(x, p, d);
}

static bool apkg_deck(struct export *x, struct diags *d)
{
	struct apkg *p = x->format;
	struct str about = {0};
	(void)d;
	if (x->head->about)
		html_from_md(&about, x->head->about);
	p->deck_id = DECK_ID_BASE + 1 + (int64_t)(hash_text(x->head->slug) % DECK_ID_RANGE);
	ankidb_add_deck(p->db, &(struct anki_deck){p->deck_id, x->deck_path, str_c(&about)});
	str_clear(&about);
	return true;
}

/* -- notes ------------------------------------------------------------------------------------- */

static bool is_leech(const struct export_part *parts, const struct note *n)
{
	for (size_t i = 0; parts && i < n->part_count; i++)
		if (parts[n->first_part + i].state.leech)
			return true;
	return false;
}

static const char *tag_list(struct apkg *p, const struct note *n, const struct export_part *parts)
{
	str_reset(&p->tags);
	for (size_t i = 0; i < n->tag_count; i++) {
		str_addc(&p->tags, ' ');
		str_add(&p->tags, n->tags[i]);
	}
	if (is_leech(parts, n))
		str_add(&p->tags, " leech");
	str_add(&p->tags, p->tags.len ? " " : "");
	return str_c(&p->tags);
}

static bool add_note(struct export *x, const struct note *n, const struct export_part *parts,
		     int64_t id, struct diags *d)
{
	struct apkg *p = x->format;
	str_reset(&p->sort);
	note_text(&p->sort, n->fields[0]);
	return ankidb_add_note(p->db,
			       &(struct anki_note){
				       .id = id,
				       .notetype = notetypes[n->type].id,
				       .mod_s = x->changed_ms / 1000,
				       .guid = n->guid,
				       .sort = {str_c(&p->sort), p->sort.len},
				       .tags = tag_list(p, n, parts),
				       .fields = n->fields,
				       .field_count = n->field_count,
			       },
			       d);
}

static bool add_reviews(struct export *x, const struct export_part *part, int64_t card,
			struct diags *d)
{
	struct apkg *p = x->format;
	struct anki_review r;
	for (size_t i = 0; i < part->log_count; i++) {
		if (!ankistate_review(&part->log[i], &r))
			continue;
		r.card = card;
		if (!ankidb_add_review(p->db, &r, d))
			return false;
		x->report.reviews++;
	}
	return true;
}

/* One card of a note. part NULL: as if it had never been studied. */
static bool add_card(struct export *x, int64_t note, int ord, const struct export_part *part,
		     struct diags *d)
{
	struct apkg *p = x->format;
	struct anki_card c = {.id = p->next_id++,
			      .note = note,
			      .deck = p->deck_id,
			      .ord = ord,
			      .mod_s = x->o.now.ms / 1000,
			      .due = (int64_t)p->position,
			      .data = "{}"};
	if (part && part->state.state != SRS_NEW)
		ankistate_card(&p->state, &part->state, &x->scratch, &c);
	if (part) {
		c.flags = part->state.flag;
		c.queue = part->state.suspended ? ANKI_Q_SUSPENDED : c.queue;
	}
	return ankidb_add_card(p->db, &c, d) && (!part || add_reviews(x, part, c.id, d));
}

static bool was_studied(const struct export_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].log_count)
			return true;
	return false;
}

static bool add_cards(struct export *x, const struct note *n, const struct export_item *item,
		      int64_t note, struct diags *d)
{
	struct part *parts;
	size_t count = card_parts(&x->scratch, item->card, &parts);
	bool ok = true;
	if (!n->part_count) {
		x->report.tables += item->parts && was_studied(item->parts, count);
		return add_card(x, note, 0, NULL, d);
	}
	for (size_t i = 0; ok && i < n->part_count && n->first_part + i < count; i++) {
		size_t k = n->first_part + i;
		int ord = n->type == NOTE_CLOZE ? parts[k].cloze - 1 : (int)i;
		ok = add_card(x, note, ord, item->parts ? &item->parts[k] : NULL, d);
	}
	return ok;
}

static bool apkg_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct apkg *p = x->format;
	struct note *notes;
	struct export_item plain = *item;
	if (!x->o.progress)
		plain.parts = NULL;
	size_t n = export_notes(x, item, true, &notes);
	bool ok = true;
	p->position++;
	for (size_t i = 0; ok && i < n; i++) {
		int64_t id = p->next_id++;
		ok = add_note(x, &notes[i], plain.parts, id, d) &&
		     add_cards(x, &notes[i], &plain, id, d);
	}
	x->report.notes += n;
	return ok;
}

/* -- end --------------------------------------------------------------------------------------- */

static bool zip_failed(zip_t *z, int code, const char *path, struct diags *d)
{
	zip_error_t e;
	if (!z)
		zip_error_init_with_code(&e, code);
	diag_fail(d, "file-write", "cannot write %s: %s", path,
		  zip_error_strerror(z ? zip_get_error(z) : &e));
	if (!z)
		zip_error_fini(&e);
	return false;
}

static int stop_packing(zip_t *z, void *ctx)
{
	struct export *x = ctx;
	(void)z;
	return !job_goes_on(x->o.job, "packing", 0, 0);
}

static bool add_member(zip_t *z, const char *name, zip_source_t *source, time_t when)
{
	zip_int64_t i = source ? zip_file_add(z, name, source, ZIP_FL_ENC_UTF_8) : -1;
	if (i < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_DEFLATE, 1) == 0 &&
	       zip_file_set_mtime(z, (zip_uint64_t)i, when, 0) == 0;
}

static bool pack(struct export *x, const char *path, struct diags *d)
{
	struct apkg *p = x->format;
	int code = 0;
	time_t when = (time_t)(x->o.now.ms / 1000);
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
	if (!z)
		return zip_failed(NULL, code, x->o.path, d);
	zip_register_cancel_callback_with_state(z, stop_packing, NULL, x);
	if (!add_member(z, "collection.anki2", zip_source_file(z, p->collection, 0, -1), when) ||
	    !add_member(z, "media", zip_source_buffer(z, "{}", 2, 0), when) || zip_close(z) != 0) {
		if (zip_error_code_zip(zip_get_error(z)) == ZIP_ER_CANCELLED)
			export_stopped(d);
		else
			zip_failed(z, 0, x->o.path, d);
		zip_discard(z);
		return false;
	}
	return true;
}

/* Copy the package to where nothing can be renamed. */
static bool copy_out(struct apkg *p, struct diags *d)
{
	FILE *f = fopen(p->package, "rb");
	char block[64 << 10];
	size_t n;
	bool ok = f != NULL;
	while (ok && (n = fread(block, 1, sizeof(block), f)) > 0)
		ok = file_out_write(p->file, block, n, d);
	if (!f || ferror(f))
		ok = diag_fail(d, "file-read", "cannot read %s back", p->package);
	if (f)
		fclose(f);
	return ok;
}

static bool apkg_finish(struct export *x, struct diags *d)
{
	struct apkg *p = x->format;
	const char *aside = file_out_aside(p->file);
	if (!ankidb_finish(p->db, d))
		return false;
	ankidb_close(p->db);
	p->db = NULL;
	if (!pack(x, aside ? aside : p->package, d) ||
	    !(aside ? file_out_reopen(p->file, d) : copy_out(p, d)))
		return false;
	struct file_out *f = p->file;
	p->file = NULL;
	if (!file_out_commit(f, d))
		return false;
	export_wrote(x, x->o.path);
	return true;
}

static void apkg_close(struct export *x)
{
	struct apkg *p = x->format;
	if (!p)
		return;
	ankidb_close(p->db);
	if (p->collection)
		unlink(p->collection);
	if (p->package)
		unlink(p->package);
	file_out_drop(p->file);
	str_clear(&p->sort);
	str_clear(&p->tags);
	free(p);
}

const struct export_ops export_apkg = {
	.open = apkg_open,
	.deck = apkg_deck,
	.card = apkg_card,
	.finish = apkg_finish,
	.close = apkg_close,
};
