/* validate.c -- see validate.h. The order of the names in the message is recorded: headers, path,
 * query, each by the alphabet; so is that header names are compared with their case here. */
#include "gateway/validate.h"

#include "base/json.h"
#include "gateway/content.h"
#include "gateway/gwresponse.h"
#include "gateway/schema.h"

#include <stdlib.h>
#include <string.h>

/* ---- parameters ---- */

static const char *header_with_case(const struct gw_headers *h, const char *name)
{
	for (size_t i = h->count; i-- > 0;)
		if (strcmp(h->items[i].name, name) == 0)
			return h->items[i].value;
	return NULL;
}

static bool is_blank(const char *value)
{
	return !value || !value[strspn(value, " \t")];
}

static bool is_missing(struct gw_exchange *x, const struct gw_declared *d)
{
	switch (d->where) {
	case GW_IN_HEADER:
		return is_blank(header_with_case(&x->request->headers, d->name));
	case GW_IN_PATH:
		return is_blank(gw_params_last(&x->path_params, d->name));
	case GW_IN_QUERY:
		return is_blank(gw_params_last(&x->query, d->name));
	}
	return false;
}

static int by_place_and_name(const void *a, const void *b)
{
	const struct gw_declared *const *x = a;
	const struct gw_declared *const *y = b;
	if ((*x)->where != (*y)->where)
		return (*x)->where < (*y)->where ? -1 : 1;
	return strcmp((*x)->name, (*y)->name);
}

static bool check_params(struct gw_exchange *x, const struct gw_method *m)
{
	const struct gw_declared **missing = NULL;
	size_t n = 0;
	for (size_t i = 0; i < m->declared_count; i++) {
		if (!m->declared[i].required || !is_missing(x, &m->declared[i]))
			continue;
		if (!missing)
			missing = arena_alloc(x->arena, m->declared_count * sizeof(*missing));
		missing[n++] = &m->declared[i];
	}
	if (!n)
		return true;
	qsort(missing, n, sizeof(*missing), by_place_and_name);
	struct str text = {0};
	str_add(&text, "Missing required request parameters: [");
	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%s%s", i ? ", " : "", missing[i]->name);
	str_addc(&text, ']');
	x->validation_error = gw_keep(x->arena, &text).p;
	gw_fail(x, "BAD_REQUEST_PARAMETERS", x->validation_error);
	return false;
}

/* ---- bodies ---- */

static const struct gw_model *model_for(struct gw_exchange *x, const struct gw_method *m)
{
	const char *header = gw_headers_last(&x->request->headers, "Content-Type");
	const char *type = header && *header ? gw_media_type(x->arena, header) : "application/json";
	for (size_t i = 0; i < m->model_count; i++)
		if (gw_name_eq(m->models[i].type, type))
			return m->models[i].model;
	return NULL;
}

bool validate_body(struct gw_exchange *x, const struct gw_model *model, struct slice body,
		   const char **error)
{
	struct node *data = NULL;
	*error = NULL;
	if (!model->compiled)
		return true;
	if (!body.len)
		body = (struct slice){"{}", 2};
	if (!json_read_wire(x->arena, body, &data)) {
		*error = "[body is not JSON]";
		return false;
	}
	struct str errors = {0};
	bool good = schema_valid(model->compiled, data, &errors);
	*error = gw_keep(x->arena, &errors).p;
	return good;
}

static bool check_body(struct gw_exchange *x, const struct gw_method *m)
{
	const struct gw_model *model = model_for(x, m);
	const char *error;
	if (model)
		trace_detail(&x->trace, GW_STEP_VALIDATE, "model", model->name);
	if (!model || validate_body(x, model, x->request->body, &error))
		return true;
	trace_detail(&x->trace, GW_STEP_VALIDATE, "error", error);
	gw_detail_tree(x, GW_STEP_VALIDATE, "schema", model->schema);
	x->validation_error = error;
	gw_fail(x, "BAD_REQUEST_BODY", "Invalid request body");
	return false;
}

bool validate_request(struct gw_exchange *x)
{
	const struct gw_method *m = x->method;
	return (!m->validate_params || check_params(x, m)) &&
	       (!m->validate_body || check_body(x, m));
}
