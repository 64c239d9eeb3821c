/* api.c -- lookups in a definition, and its end. Lists are short and looked at when a request has
 * found its API and stage by name: a scan is as fast as anything. What is not in the arena are the
 * compiled patterns, which PCRE2 allocates itself. */
#include "gateway/api.h"

#include "gateway/gwresponse.h"
#include "gateway/schema.h"

#include <stdlib.h>
#include <string.h>

const char *const gw_response_types[GW_RESPONSE_TYPES] = {
	"ACCESS_DENIED",
	"API_CONFIGURATION_ERROR",
	"AUTHORIZER_CONFIGURATION_ERROR",
	"AUTHORIZER_FAILURE",
	"BAD_REQUEST_BODY",
	"BAD_REQUEST_PARAMETERS",
	"DEFAULT_4XX",
	"DEFAULT_5XX",
	"EXPIRED_TOKEN",
	"INTEGRATION_FAILURE",
	"INTEGRATION_TIMEOUT",
	"INVALID_API_KEY",
	"INVALID_SIGNATURE",
	"MISSING_AUTHENTICATION_TOKEN",
	"QUOTA_EXCEEDED",
	"REQUEST_TOO_LARGE",
	"RESOURCE_NOT_FOUND",
	"THROTTLED",
	"UNAUTHORIZED",
	"UNSUPPORTED_MEDIA_TYPE",
	"WAF_FILTERED",
};

void gw_api_clear(struct gw_api *api)
{
	for (size_t i = 0; i < api->pattern_count; i++)
		regex_free(api->patterns[i]);
	for (size_t i = 0; i < api->model_count; i++) {
		schema_free(api->models[i].compiled);
		api->models[i].compiled = NULL;
	}
	free(api->patterns);
	api->patterns = NULL;
	api->pattern_count = api->pattern_cap = 0;
}

void gateway_clear(struct gateway *g)
{
	for (size_t i = 0; i < g->api_count; i++)
		gw_api_clear(&g->apis[i]);
	for (size_t i = 0; i < g->snapshot_count; i++)
		gw_api_clear(g->snapshots[i]);
	free(g->snapshots);
	arena_clear(&g->arena);
	*g = (struct gateway){0};
}

const struct gw_api *gateway_api(const struct gateway *g, const char *id)
{
	for (size_t i = 0; i < g->api_count; i++)
		if (str_eq(g->apis[i].id, id))
			return &g->apis[i];
	return NULL;
}

const struct gw_stage *gw_api_stage(const struct gw_api *api, const char *name)
{
	for (size_t i = 0; i < api->stage_count; i++)
		if (str_eq(api->stages[i].name, name))
			return &api->stages[i];
	return NULL;
}

const struct gw_function *gateway_function(const struct gateway *g, const char *name)
{
	for (size_t i = 0; i < g->function_count; i++)
		if (str_eq(g->functions[i].name, name))
			return &g->functions[i];
	return NULL;
}

const struct gw_model *gw_api_model(const struct gw_api *api, const char *name)
{
	for (size_t i = 0; i < api->model_count; i++)
		if (str_eq(api->models[i].name, name))
			return &api->models[i];
	return NULL;
}

const struct gw_model *gw_api_model_ref(const struct gw_api *api, const char *ref)
{
	static const char remote[] = "https://apigateway.amazonaws.com/restapis/";
	static const char *const local[] = {"#/components/schemas/", "#/definitions/"};
	for (size_t i = 0; i < ARRAY_LEN(local); i++)
		if (str_starts(ref, local[i]))
			return gw_api_model(api, ref + strlen(local[i]));
	const char *name = str_starts(ref, remote) ? strstr(ref, "/models/") : NULL;
	return name ? gw_api_model(api, name + strlen("/models/")) : NULL;
}
