/* fuzz_policy.c -- any JSON as a policy: it is judged and asked without crashing. A document in
 * which no Allow stands never allows, an address is in no range that is none. */
#include "base/json.h"
#include "gateway/policy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *value(void *ctx, const char *key)
{
	(void)ctx;
	static const char *const values[] = {NULL, "192.0.2.7", "true", "2026-11-27T09:15:00Z",
					     "*"};
	return values[strlen(key) % ARRAY_LEN(values)];
}

static void ask(const struct node *root, bool has_allow)
{
	struct policy_request r = {
		.action = "execute-api:Invoke",
		.resource = "arn:aws:execute-api:us-east-1:123456789012:shop/dev/GET/pets",
		.self = "arn:aws:execute-api:us-east-1:123456789012:shop",
		.value = value};
	for (int i = 0; i < 3; i++) {
		r.resource_policy = i > 0;
		r.principal = i > 1 ? "arn:aws:sts::123456789012:assumed-role/Admin/me" : NULL;
		r.account = i > 1 ? "123456789012" : NULL;
		if (policy_eval(root, &r) == POLICY_ALLOW && !has_allow)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct node *root = NULL;
	const char *why = NULL;
	const char *text = arena_strndup(&a, (const char *)data, size);
	size_t half = strlen(text) / 2;
	const char *first = arena_strndup(&a, text, half < 1000 ? half : 1000);
	(void)policy_wildcard(first, text + half);
	if (policy_in_cidr(text, first) && !policy_cidr_valid(text))
		abort();
	if (json_read_wire(&a, (struct slice){(const char *)data, size}, &root)) {
		if (!policy_valid(root, &why) && !why)
			abort();
		/* an escape may spell it too */
		ask(root, strstr(text, "Allow") || strchr(text, '\\') || strlen(text) < size);
	}
	arena_clear(&a);
	return 0;
}
