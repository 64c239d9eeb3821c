/* vtlcall.h -- methods of values, by tables. Velocity finds a method by its name and by what it is
 * given; where nothing fits there is no such method, and the reference is null. A method that is
 * there and throws ends the template. Private to vtl. */
#ifndef GATEWAY_VTLCALL_H
#define GATEWAY_VTLCALL_H

#include "gateway/vtlrun.h"

/* A method being called. */
struct vtl_invocation {
	struct vtl_run *r;
	struct vtl_value self;
	const struct vtl_args *a;
	struct slice s;        /* self, of texts */
	struct vtl_list *list; /* self, of lists */
	struct vtl_map *map;   /* self, of maps */
	bool fits;             /* taken back when it turns out that there is no such method */
};
struct vtl_row {
	const char *name, *kinds; /* of arguments: see vtl_fits */
	struct vtl_value (*run)(struct vtl_invocation *c);
};
/* Run the first row of that name that fits. False: there is none. */
bool vtl_run_row(struct vtl_invocation *c, const struct vtl_row *rows, size_t n,
		 struct vtl_value *out);

/* For methods: there is no such method after all. Null. */
struct vtl_value vtl_misfit(struct vtl_invocation *c);
/* Argument i as a text, as an int; false: null, which throws, or a misfit. */
bool vtl_text_arg(struct vtl_invocation *c, size_t i, struct slice *out);
bool vtl_int_arg(struct vtl_invocation *c, size_t i, int64_t *out);
/* compareTo() of another type throws. */
struct vtl_value vtl_cannot_compare(struct vtl_invocation *c);
/* What every object has. */
struct vtl_value vtl_any_equals(struct vtl_invocation *c);
struct vtl_value vtl_any_to_string(struct vtl_invocation *c);
struct vtl_value vtl_any_hash_code(struct vtl_invocation *c);
/* String.valueOf(), Integer.toString(i). */
struct vtl_value vtl_text_of_arg(struct vtl_invocation *c);
/* Without white space at its ends, as trim() sees it. */
struct slice vtl_stripped(struct slice s, bool head, bool tail);

#endif
