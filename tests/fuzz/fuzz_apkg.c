/* fuzz_apkg.c -- any bytes as an Anki package, or as the collection that is in one: refused with an
 * error, or decks that hold, with their history. */
#include "tests/fuzz/imported.h"

#include <unistd.h>

static bool take(const struct reading *r, const void *bytes, size_t n)
{
	char name[] = "/tmp/gatedrill-fuzz-apkg.XXXXXX";
	int fd = mkstemp(name);
	struct reading file = *r;
	check(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
	file.path = name;
	bool zip = n > 2 && memcmp(bytes, "PK", 2) == 0;
	bool ok = zip ? read_apkg(&file) : read_collection(&file, name);
	unlink(name);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_with(take, data, size, true);
	return 0;
}
