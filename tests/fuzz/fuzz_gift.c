/* fuzz_gift.c -- any bytes as Moodle's GIFT: refused with an error, or decks that hold. */
#include "tests/fuzz/imported.h"

static bool take(const struct reading *r, const void *bytes, size_t n)
{
	return read_gift_text(r, bytes, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {0}; /* ends in NUL, as files read whole do */
	str_addn(&text, (const char *)data, size);
	str_addc(&text, '\0');
	read_with(take, text.p, size, false);
	str_clear(&text);
	return 0;
}
