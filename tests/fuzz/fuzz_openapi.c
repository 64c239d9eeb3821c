/* fuzz_openapi.c -- any bytes as an OpenAPI document, for each type of API that has such: refused
 * with an error, or loaded, and then its export must load too and be exported as the same. */
#include "base/json.h"
#include "gateway/deffile.h"
#include "gateway/exportapi.h"
#include "gateway/openapi.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The export of a document as JSON. False: it does not load. */
static bool try_load(struct arena *a, const char *file, struct slice text, enum gw_type type,
		     struct str *out)
{
	const struct openapi_options o = {
		.basepath = OPENAPI_PREPEND, .region = "us-east-1", .account = "123456789012"};
	const struct gateway g = {.region = o.region, .account = o.account};
	struct gw_api api = {.id = "fuzz", .type = type, .file = file};
	struct diags d = {0};
	struct node *root;
	bool ok = def_parse(a, file, text, &root, &d);
	if (ok) {
		openapi_is(root);
		openapi_guess(root);
		ok = openapi_load(&api, a, root, &o, &d);
	}
	check(ok == (d.errors == 0));
	if (ok) {
		const struct node *doc = export_api(a, &g, &api, "dev");
		struct str yaml = {0};
		json_write(out, doc);
		export_yaml(&yaml, doc);
		str_clear(&yaml);
	}
	gw_api_clear(&api);
	diags_clear(&d);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum gw_type types[] = {GW_REST, GW_HTTP};
	if (size > 100000)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct arena a = {0};
		struct str once = {0};
		const struct slice text = {(const char *)data, size};
		if (try_load(&a, "fuzz.yaml", text, types[i], &once)) {
			struct diags d = {0};
			struct node *root;
			check(json_read(&a, "export.json", str_c(&once), once.len, &root, &d));
			diags_clear(&d);
		}
		str_clear(&once);
		arena_clear(&a);
	}
	return 0;
}
