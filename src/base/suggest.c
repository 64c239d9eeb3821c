/* suggest.c -- see suggest.h.
 *
 * The unrestricted Damerau-Levenshtein distance (Lowrance and Wagner 1975) over bytes: letters left
 * out, put in, changed or swapped, also swapped with something between. Names are short and few, so
 * a whole table on the stack will do; longer words are nobody's slip of the finger.
 */
#include "base/suggest.h"
#include "base/str.h"

#include <string.h>

enum { MAX_WORD = 64 };

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : (unsigned char)c;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* n, m <= MAX_WORD. Row and column 0 of the table hold a bound that no distance reaches. */
static int distance(const char *a, int n, const char *b, int m)
{
	int t[MAX_WORD + 2][MAX_WORD + 2], last_row[256] = {0};
	const int far = n + m;
	for (int i = 0; i <= n + 1; i++) {
		t[i][0] = far;
		t[i][1] = i ? i - 1 : far;
	}
	for (int j = 1; j <= m + 1; j++) {
		t[0][j] = far;
		t[1][j] = j - 1;
	}
	for (int i = 1; i <= n; i++) {
		int last_col = 0;
		for (int j = 1; j <= m; j++) {
			int row = last_row[lower(b[j - 1])], col = last_col;
			bool same = lower(a[i - 1]) == lower(b[j - 1]);
			if (same)
				last_col = j;
			int d = least(t[i][j] + !same, least(t[i + 1][j], t[i][j + 1]) + 1);
			t[i + 1][j + 1] = least(d, t[row][col] + (i - row - 1) + 1 + (j - col - 1));
		}
		last_row[lower(a[i - 1])] = i;
	}
	return t[n + 1][m + 1];
}

static const char *only_with_prefix(const char *word, const char *const *names, size_t n)
{
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!str_starts(names[i], word))
			continue;
		if (found)
			return NULL;
		found = names[i];
	}
	return found;
}

const char *suggest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word);
	if (!len || len > MAX_WORD)
		return NULL;
	int best = len < 6 ? 2 : (int)len / 3 + 1;
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(names[i]);
		if (m > MAX_WORD)
			continue;
		int d = distance(word, (int)len, names[i], (int)m);
		if (d < best) {
			best = d;
			found = names[i];
		}
	}
	return found || len < 2 ? found : only_with_prefix(word, names, n);
}
