/* regex.c -- see regex.h. Patterns come from decks and from the keyboard, subjects from anywhere,
 * so every match is bounded: PCRE2's match limit counts steps, its depth and heap limits bound the
 * interpreter, and machine code (JIT, which knows neither) gets a stack of its own.
 *
 * PCRE2 counts anew at each place where a match may begin, and machine code does not count what a
 * single repeated character costs: a few characters of pattern can still keep a search busy for
 * minutes. So the pattern is compiled with a callout before each of its items, which counts them,
 * the distance covered and what backreferences may compare, for the whole of a match. Only an exact
 * repeat of one character is not counted while it runs.
 *
 * A whole match is asked of PCRE2 with its anchoring options; "^(?:...)$" around the pattern would
 * be wrong for patterns with options in front or a comment at the end, and for subjects that end in
 * a newline. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/regex.h"

#include "base/str.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JIT_STACK_MIN ((size_t)32 << 10)
#define JIT_STACK_MAX ((size_t)1 << 20)
#define REGEX_WORK 20000000 /* items tried in one match, plus a share of the bytes gone over */
#define WORK_BYTES 16       /* bytes gone over that count as one item */

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL: no JIT here, the interpreter does it */
	uint32_t backrefs;      /* highest group that is referred back to */
	size_t work;            /* done in this match */
	size_t at;              /* where the last item was tried */
};

static bool syntax_error(int error, size_t offset, const char *pattern, struct pos at,
			 struct diags *d)
{
	PCRE2_UCHAR words[256] = "";
	pcre2_get_error_message(error, words, sizeof(words));
	return diag_error(d, at, "regex-syntax", "pattern \"%.60s%s\": %s at offset %zu", pattern,
			  strlen(pattern) > 60 ? "..." : "", (const char *)words, offset);
}

static pcre2_code *compile(const char *pattern, int flags, struct pos at, struct diags *d)
{
	int max = flags & REGEX_REWRITTEN ? MAX_REGEX_REWRITTEN : MAX_REGEX_PATTERN;
	size_t len = strnlen(pattern, (size_t)max + 1);
	if (len > (size_t)max) {
		diag_error(d, at, "regex-syntax", "a pattern of more than %d bytes", max);
		return NULL;
	}
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
	if (flags & REGEX_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & REGEX_WHOLE)
		options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	int error;
	PCRE2_SIZE offset;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, len, options, &error, &offset, NULL);
	if (!code)
		syntax_error(error, offset, pattern, at, d);
	return code;
}

/* The longest text that a backreference could compare now. */
static size_t backref_bytes(const struct regex *re, const pcre2_callout_block *block)
{
	size_t longest = 0;
	for (uint32_t i = 1; i <= re->backrefs && i < block->capture_top; i++) {
		size_t from = block->offset_vector[2 * i];
		size_t to = block->offset_vector[2 * i + 1];
		if (to != PCRE2_UNSET && from < to && to - from > longest)
			longest = to - from;
	}
	return longest;
}

/* PCRE2's callout: called before each item of the pattern. Not 0 ends the match. */
static int count_work(pcre2_callout_block *block, void *data)
{
	struct regex *re = data;
	size_t at = block->current_position;
	size_t bytes = (at > re->at ? at - re->at : re->at - at) + backref_bytes(re, block);
	re->at = at;
	re->work += 1 + bytes / WORK_BYTES;
	return re->work > REGEX_WORK ? PCRE2_ERROR_MATCHLIMIT : 0;
}

struct regex *regex_new(const char *pattern, int flags, struct pos at, struct diags *d)
{
	pcre2_code *code = compile(pattern, flags, at, d);
	if (!code)
		return NULL;
	struct regex *re = xcalloc(1, sizeof(*re));
	re->code = code;
	pcre2_pattern_info(code, PCRE2_INFO_BACKREFMAX, &re->backrefs);
	re->match = pcre2_match_data_create_from_pattern(code, NULL);
	re->context = pcre2_match_context_create(NULL);
	if (!re->match || !re->context)
		abort(); /* out of memory */
	pcre2_set_callout(re->context, count_work, re);
	pcre2_set_match_limit(re->context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(re->context, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(re->context, REGEX_HEAP_KIB);
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0)
		re->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (re->stack)
		pcre2_jit_stack_assign(re->context, NULL, re->stack);
	return re;
}

void regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_jit_stack_free(re->stack);
	pcre2_match_context_free(re->context);
	pcre2_match_data_free(re->match);
	pcre2_code_free(re->code);
	free(re);
}

static enum regex_result match(struct regex *re, struct slice subject, size_t from,
			       uint32_t options)
{
	re->work = 0;
	re->at = from;
	if (subject.len > MAX_REGEX_SUBJECT)
		return REGEX_LIMIT;
	int rc = pcre2_match(re->code, (PCRE2_SPTR)subject.p, subject.len, from, options, re->match,
			     re->context);
	if (rc >= 0)
		return REGEX_YES;
	if (rc == PCRE2_ERROR_NOMATCH ||
	    (rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21))
		return REGEX_NO;
	return REGEX_LIMIT;
}

enum regex_result regex_match(struct regex *re, const char *subject, size_t n)
{
	return match(re, (struct slice){subject, n}, 0, 0);
}

enum regex_result regex_find(struct regex *re, const char *subject, size_t n, size_t from)
{
	return match(re, (struct slice){subject, n}, from, PCRE2_NO_UTF_CHECK);
}

size_t regex_work(const struct regex *re)
{
	return re->work;
}

bool regex_group(const struct regex *re, size_t i, size_t *from, size_t *to)
{
	const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(re->match);
	if (i >= pcre2_get_ovector_count(re->match) || spans[2 * i] == PCRE2_UNSET)
		return false;
	*from = spans[2 * i];
	*to = spans[2 * i + 1];
	return true;
}

size_t regex_groups(const struct regex *re)
{
	return pcre2_get_ovector_count(re->match) - 1;
}

int regex_group_number(const struct regex *re, const char *name)
{
	int n = pcre2_substring_number_from_name(re->code, (PCRE2_SPTR)name);
	return n > 0 ? n : -1;
}

void regex_library(char *out, size_t n)
{
	char text[64] = "";
	pcre2_config(PCRE2_CONFIG_VERSION, text);
	snprintf(out, n, "%s", text);
}
