/* notedata.c -- what a note carries beside what is seen, and whether what is seen was changed; see
 * note.h. */
#include "base/json.h"
#include "base/mdblock.h"
#include "base/utf8.h"
#include "exchange/note.h"

#include <stdlib.h>
#include <string.h>

/* -- out --------------------------------------------------------------------------------------- */

/* JSON text whose strings hold nothing that HTML, Anki's clozes or this comment could end at. Only
 * strings hold these characters, so escaping needs no parser. */
void note_inert(struct str *out, const char *json, size_t n)
{
	static const bool watched[256] = {
		['<'] = true, ['>'] = true, ['&'] = true, ['-'] = true, ['{'] = true};
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		char c = json[i];
		if (!watched[(unsigned char)c])
			continue;
		if ((c == '-' || c == '{') && (!i || json[i - 1] != c))
			continue;
		str_addn(out, json + from, i - from);
		str_addf(out, "\\u%04x", (unsigned)c);
		from = i + 1;
	}
	str_addn(out, json + from, n - from);
}

static void add_head(struct str *out, const struct deck *head)
{
	struct str json = {0};
	struct json_out j = {.out = &json};
	json_object(&j, NULL);
	deck_json_head(&j, head);
	json_end(&j);
	str_add(out, ",\"head\":");
	note_inert(out, str_c(&json), json.len);
	str_clear(&json);
}

void note_data_write(struct str *out, const struct note_data_out *data)
{
	char seen[16];
	for (size_t i = 0; i < sizeof(seen); i++)
		seen[i] = "0123456789abcdef"[data->seen >> (60 - 4 * i) & 15];
	str_add(out, NOTE_DATA_BEGIN "\"v\":1,\"seen\":\"");
	str_addn(out, seen, sizeof(seen));
	str_addc(out, '"');
	if (data->part[0])
		str_addf(out, ",\"part\":\"%s\"", data->part);
	if (data->place)
		str_addf(out, ",\"place\":%zu", data->place);
	if (data->head)
		add_head(out, data->head);
	if (data->json.len) {
		str_add(out, ",\"card\":");
		note_inert(out, data->json.p, data->json.len);
	}
	str_add(out, NOTE_DATA_END);
}

/* -- in ---------------------------------------------------------------------------------------- */

/* The last place in bytes where text begins; NULL: none. */
static const char *find_last(const char *bytes, size_t n, const char *text)
{
	const char *found = NULL, *p = bytes, *end = bytes + n;
	while ((p = memmem(p, (size_t)(end - p), text, strlen(text)))) {
		found = p;
		p += strlen(text);
	}
	return found;
}

/* The hash as 16 hexadecimal digits. */
static bool read_seen(const char *text, uint64_t *out)
{
	if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return false;
	*out = strtoull(text, NULL, 16);
	return true;
}

bool note_data_read(struct arena *a, const char *html, size_t n, struct note_data *out,
		    bool *damaged)
{
	const char *begin = find_last(html, n, NOTE_DATA_BEGIN);
	struct node *root = NULL;
	*out = (struct note_data){.part = ""};
	*damaged = begin != NULL;
	if (!begin)
		return false;
	const char *json = begin + strlen(NOTE_DATA_BEGIN) - 1;
	size_t left = n - (size_t)(json - html);
	const char *end = memmem(json, left, NOTE_DATA_END, strlen(NOTE_DATA_END));
	if (!end || !json_read(a, NULL, json, (size_t)(end - json) + 1, &root, NULL))
		return false;
	const char *version = node_text(root, "v"), *part = node_text(root, "part");
	const char *place = node_text(root, "place");
	out->card = node_get(root, "card");
	out->head = node_get(root, "head");
	out->part = part ? part : "";
	if (place)
		str_to_i64(place, 1, INT32_MAX, &out->place);
	out->at = (size_t)(begin - html);
	if (!str_eq(version, "1") || !read_seen(node_text(root, "seen"), &out->seen) ||
	    (out->card ? out->card->kind != NODE_MAP : !out->part[0]))
		return false;
	*damaged = false;
	return true;
}

/* -- what is seen -------------------------------------------------------------------------------
 */

static void hash_bytes(uint64_t *h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*h = (*h ^ (unsigned char)p[i]) * 0x100000001b3;
}

/* Kinds of tags that are not looked for any more, since none ends in the rest of the field: so a
 * field of nothing but '<' is read once. */
struct unended {
	bool tags, comments;
};

/* Bytes of the tag or comment at p[0] == '<'; 0: it is none. One that does not end is text. */
static size_t tag_length(const char *p, size_t n, struct unended *u)
{
	const char *end = NULL;
	bool comment = n >= 4 && !memcmp(p, "<!--", 4);
	if (comment && !u->comments) {
		end = memmem(p + 4, n - 4, "-->", 3);
		u->comments = !end;
		return end ? (size_t)(end - p) + 3 : 0;
	}
	bool tag = !comment && n > 1 &&
		   (strchr("/!?", p[1]) || ((p[1] | 32) >= 'a' && (p[1] | 32) <= 'z'));
	if (tag && p[1] && !u->tags) {
		end = memchr(p, '>', n);
		u->tags = !end;
	}
	return end ? (size_t)(end - p) + 1 : 0;
}

/* The character an entity stands for into out; bytes of the entity, or 0: it is none. */
static size_t entity_at(const char *p, size_t n, char out[4], size_t *out_n)
{
	const char *end = memchr(p, ';', n < 40 ? n : 40);
	size_t len = end ? (size_t)(end - p) + 1 : 0;
	uint32_t cp = len > 2 ? mdb_entity(p, len) : 0;
	if (!cp)
		return 0;
	*out_n = (size_t)utf8_encode(cp, out);
	return len;
}

static bool is_gap(const char *p, size_t n)
{
	if (n == 1)
		return *p == ' ' || *p == '\t' || *p == '\r' || *p == '\n';
	return n == 2 && !memcmp(p, "\xc2\xa0", 2);
}

/* Bytes from p on that stand for themselves: ASCII but blanks, '<' and '&'. */
static size_t plain_run(const char *p, size_t n)
{
	size_t i = 0;
	while (i < n && (unsigned char)p[i] > ' ' && (unsigned char)p[i] < 0x80 && p[i] != '<' &&
	       p[i] != '&')
		i++;
	return i;
}

/* The next character of the text at p into out, none for a tag; bytes taken. */
static size_t next_text(const char *p, size_t n, struct unended *u, char out[4], size_t *out_n)
{
	size_t taken = *p == '<' ? tag_length(p, n, u) : 0;
	*out_n = 0;
	if (!taken && *p == '&')
		taken = entity_at(p, n, out, out_n);
	if (!taken) {
		uint32_t cp;
		int bytes = utf8_decode(p, n, &cp);
		taken = *out_n = bytes ? (size_t)bytes : 1;
		memcpy(out, p, taken);
	}
	return taken;
}

uint64_t note_seen(const struct slice *fields, size_t count)
{
	uint64_t h = 0xcbf29ce484222325;
	char text[4];
	size_t n;
	for (size_t i = 0; i < count; i++) {
		struct unended u = {0};
		for (size_t at = 0; at < fields[i].len;) {
			const char *p = fields[i].p + at;
			size_t run = plain_run(p, fields[i].len - at);
			hash_bytes(&h, p, run);
			at += run;
			if (at == fields[i].len)
				break;
			at += next_text(p + run, fields[i].len - at, &u, text, &n);
			if (!is_gap(text, n))
				hash_bytes(&h, text, n);
		}
	}
	return h;
}

void note_text(struct str *out, struct slice html)
{
	struct unended u = {0};
	char text[4];
	size_t n;
	for (size_t at = 0; at < html.len;) {
		at += next_text(html.p + at, html.len - at, &u, text, &n);
		if (is_gap(text, n))
			str_addc(out, ' ');
		else
			str_addn(out, text, n);
	}
}
