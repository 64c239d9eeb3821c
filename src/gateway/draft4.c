/* draft4.c -- the schema of JSON Schema draft 4, which schemas may refer to by its address: there
 * is no network here to fetch it from. */
#include "gateway/schemanode.h"

#include "base/json.h"

#include <assert.h>
#include <string.h>

static const char text[] =
	"{\"id\":\"http://json-schema.org/draft-04/schema#\","
	"\"$schema\":\"http://json-schema.org/draft-04/schema#\","
	"\"definitions\":{"
	"\"schemaArray\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#\"}},"
	"\"positiveInteger\":{\"type\":\"integer\",\"minimum\":0},"
	"\"positiveIntegerDefault0\":{\"allOf\":["
	"{\"$ref\":\"#/definitions/positiveInteger\"},{\"default\":0}]},"
	"\"simpleTypes\":{\"enum\":["
	"\"array\",\"boolean\",\"integer\",\"null\",\"number\",\"object\",\"string\"]},"
	"\"stringArray\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
	"\"minItems\":1,\"uniqueItems\":true},"
	"\"schemas\":{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#\"}},"
	"\"schemaOrBool\":{\"anyOf\":[{\"type\":\"boolean\"},{\"$ref\":\"#\"}]}},"
	"\"type\":\"object\","
	"\"properties\":{"
	"\"id\":{\"type\":\"string\"},"
	"\"$schema\":{\"type\":\"string\"},"
	"\"title\":{\"type\":\"string\"},"
	"\"description\":{\"type\":\"string\"},"
	"\"default\":{},"
	"\"multipleOf\":{\"type\":\"number\",\"minimum\":0,\"exclusiveMinimum\":true},"
	"\"maximum\":{\"type\":\"number\"},"
	"\"exclusiveMaximum\":{\"type\":\"boolean\"},"
	"\"minimum\":{\"type\":\"number\"},"
	"\"exclusiveMinimum\":{\"type\":\"boolean\"},"
	"\"maxLength\":{\"$ref\":\"#/definitions/positiveInteger\"},"
	"\"minLength\":{\"$ref\":\"#/definitions/positiveIntegerDefault0\"},"
	"\"pattern\":{\"type\":\"string\",\"format\":\"regex\"},"
	"\"additionalItems\":{\"$ref\":\"#/definitions/schemaOrBool\"},"
	"\"items\":{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#/definitions/schemaArray\"}]},"
	"\"maxItems\":{\"$ref\":\"#/definitions/positiveInteger\"},"
	"\"minItems\":{\"$ref\":\"#/definitions/positiveIntegerDefault0\"},"
	"\"uniqueItems\":{\"type\":\"boolean\"},"
	"\"maxProperties\":{\"$ref\":\"#/definitions/positiveInteger\"},"
	"\"minProperties\":{\"$ref\":\"#/definitions/positiveIntegerDefault0\"},"
	"\"required\":{\"$ref\":\"#/definitions/stringArray\"},"
	"\"additionalProperties\":{\"$ref\":\"#/definitions/schemaOrBool\"},"
	"\"definitions\":{\"$ref\":\"#/definitions/schemas\"},"
	"\"properties\":{\"$ref\":\"#/definitions/schemas\"},"
	"\"patternProperties\":{\"$ref\":\"#/definitions/schemas\"},"
	"\"dependencies\":{\"type\":\"object\",\"additionalProperties\":{\"anyOf\":["
	"{\"$ref\":\"#\"},{\"$ref\":\"#/definitions/stringArray\"}]}},"
	"\"enum\":{\"type\":\"array\",\"minItems\":1,\"uniqueItems\":true},"
	"\"type\":{\"anyOf\":[{\"$ref\":\"#/definitions/simpleTypes\"},"
	"{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/simpleTypes\"},"
	"\"minItems\":1,\"uniqueItems\":true}]},"
	"\"format\":{\"type\":\"string\"},"
	"\"allOf\":{\"$ref\":\"#/definitions/schemaArray\"},"
	"\"anyOf\":{\"$ref\":\"#/definitions/schemaArray\"},"
	"\"oneOf\":{\"$ref\":\"#/definitions/schemaArray\"},"
	"\"not\":{\"$ref\":\"#\"}},"
	"\"dependencies\":{\"exclusiveMaximum\":[\"maximum\"],\"exclusiveMinimum\":[\"minimum\"]},"
	"\"default\":{}}";

const struct node *schema_draft4(struct arena *a)
{
	struct node *root;
	bool ok = json_read_wire(a, (struct slice){text, strlen(text)}, &root);
	assert(ok);
	(void)ok;
	return root;
}
