/* unpack.c -- see unpack.h. A package has one of three collections: collection.anki21b (zstd, since
 * 2022), collection.anki21, collection.anki2; older ones lie beside newer ones as a notice for old
 * programs. Entries are found by these names and by nothing else, and the file that is written has
 * a name of ours. Sizes are counted as bytes come out, whatever the archive says of itself. */
#include "exchange/unpack.h"

#include "exchange/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include <zstd.h>

#define PIECE ((size_t)64 << 10)
#define NO_BOMB_BYTES ((uint64_t)64 << 20) /* up to here any ratio is taken */
#define MAX_ZSTD_WINDOW 25                 /* log2 of the bytes zstd may look back */
#define NEWEST_FORM 3                      /* of the package, as its entry "meta" says */

static const struct {
	const char *name;
	bool zstd;
} collections[] = {
	{"collection.anki21b", true}, {"collection.anki21", false}, {"collection.anki2", false}};

struct unpacking {
	const char *path;
	FILE *out;
	zip_file_t *in;
	uint64_t packed, written; /* bytes */
	struct diags *d;
};

static bool zip_bad(const struct unpacking *u, const char *what)
{
	return diag_error(u->d, (struct pos){u->path, 0, 0}, "import-zip",
			  "the package cannot be unpacked: %s", what);
}

static bool put(struct unpacking *u, const void *bytes, size_t n)
{
	u->written += n;
	if (u->written > MAX_COLLECTION_BYTES)
		return diag_error(u->d, (struct pos){u->path, 0, 0}, "import-too-large",
				  "its collection is larger than %zu MB when it is unpacked",
				  MAX_COLLECTION_BYTES >> 20);
	if (u->written > NO_BOMB_BYTES && u->written / MAX_IMPORT_RATIO > u->packed)
		return diag_error(u->d, (struct pos){u->path, 0, 0}, "import-too-large",
				  "its collection grows more than %d times when it is unpacked: "
				  "this is no package of cards",
				  MAX_IMPORT_RATIO);
	return fwrite(bytes, 1, n, u->out) == n ||
	       diag_fail(u->d, "file-write", "cannot unpack %s: %s", u->path, strerror(errno));
}

/* The next bytes of the entry; -1: an error, reported. */
static zip_int64_t get(struct unpacking *u, void *bytes)
{
	zip_int64_t n = zip_fread(u->in, bytes, PIECE);
	if (n < 0)
		zip_bad(u, zip_error_strerror(zip_file_get_error(u->in)));
	return n;
}

static bool copy_plain(struct unpacking *u, char *bytes)
{
	zip_int64_t n;
	while ((n = get(u, bytes)) > 0)
		if (!put(u, bytes, (size_t)n))
			return false;
	return n == 0;
}

static bool inflate_piece(struct unpacking *u, ZSTD_DStream *z, ZSTD_inBuffer *in, char *bytes,
			  size_t *left)
{
	while (in->pos < in->size) {
		ZSTD_outBuffer out = {bytes, PIECE, 0};
		*left = ZSTD_decompressStream(z, &out, in);
		if (ZSTD_isError(*left))
			return zip_bad(u, ZSTD_getErrorName(*left));
		if (!put(u, bytes, out.pos))
			return false;
	}
	return true;
}

static bool copy_zstd(struct unpacking *u, char *bytes)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	char *packed = xmalloc(PIECE);
	zip_int64_t n = 0;
	size_t left = 1; /* not 0: the frame goes on */
	bool ok =
		z && !ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, MAX_ZSTD_WINDOW));
	while (ok && (n = get(u, packed)) > 0) {
		ZSTD_inBuffer in = {packed, (size_t)n, 0};
		ok = inflate_piece(u, z, &in, bytes, &left);
	}
	ok = ok && n == 0 && (left == 0 || zip_bad(u, "it is cut off"));
	ZSTD_freeDStream(z);
	free(packed);
	return ok;
}

static bool copy_entry(struct unpacking *u, zip_t *z, zip_uint64_t index, bool zstd)
{
	zip_stat_t st;
	zip_stat_init(&st);
	if (zip_stat_index(z, index, 0, &st) != 0 || !(st.valid & ZIP_STAT_COMP_SIZE))
		return zip_bad(u, zip_strerror(z));
	u->packed = st.comp_size;
	u->in = zip_fopen_index(z, index, 0);
	if (!u->in)
		return zip_bad(u, zip_strerror(z));
	char *bytes = xmalloc(PIECE);
	bool ok = zstd ? copy_zstd(u, bytes) : copy_plain(u, bytes);
	free(bytes);
	zip_fclose(u->in);
	return ok;
}

/* Media are called by numbers. */
static size_t count_media(zip_t *z)
{
	zip_int64_t n = zip_get_num_entries(z, 0);
	size_t media = 0;
	for (zip_int64_t i = 0; i < n; i++) {
		const char *name = zip_get_name(z, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
		media += name && *name && !name[strspn(name, "0123456789")];
	}
	return media;
}

/* The form of a package that says it: a message with the number in field 1. 0: it does not. */
static unsigned form_of(zip_t *z)
{
	unsigned char meta[2] = {0};
	zip_file_t *f = zip_fopen(z, "meta", 0);
	zip_int64_t n = f ? zip_fread(f, meta, sizeof(meta)) : 0;
	if (f)
		zip_fclose(f);
	return n == 2 && meta[0] == 8 ? meta[1] : 0;
}

static bool unpack(struct unpacking *u, zip_t *z)
{
	if (form_of(z) > NEWEST_FORM)
		return diag_error(
			u->d, (struct pos){u->path, 0, 0}, "import-collection",
			"it was written in a newer form than can be read; in Anki, export "
			"it with \"Support older Anki versions\"");
	for (size_t i = 0; i < ARRAY_LEN(collections); i++) {
		zip_int64_t index = zip_name_locate(z, collections[i].name, 0);
		if (index >= 0)
			return copy_entry(u, z, (zip_uint64_t)index, collections[i].zstd);
	}
	return diag_error(u->d, (struct pos){u->path, 0, 0}, "import-collection",
			  "it is a zip, but there is no collection of Anki's in it");
}

bool unpack_collection(const char *path, const char *to, size_t *media, struct diags *d)
{
	struct unpacking u = {.path = path, .d = d};
	int code = 0;
	zip_t *z = zip_open(path, ZIP_RDONLY, &code);
	if (!z) {
		zip_error_t e;
		zip_error_init_with_code(&e, code);
		zip_bad(&u, zip_error_strerror(&e));
		zip_error_fini(&e);
		return false;
	}
	*media = count_media(z);
	u.out = fopen(to, "wbe");
	bool ok = u.out && unpack(&u, z);
	if (!u.out || (fclose(u.out) != 0 && ok))
		ok = diag_fail(d, "file-write", "cannot write %s: %s", to, strerror(errno));
	zip_discard(z);
	return ok;
}
