/* validate.h -- request validation: parameters that a method requires, bodies against models. */
#ifndef GATEWAY_VALIDATE_H
#define GATEWAY_VALIDATE_H

#include "gateway/exchange.h"

/* Whatever x->method asks for; it may ask for nothing. Parameters come first. False: the exchange
 * has failed with BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY, x->validation_error says why. */
bool validate_request(struct gw_exchange *x);
/* Does a body (empty: {}) fit the model? *error gets the list of what is wrong, in the arena. */
bool validate_body(struct gw_exchange *x, const struct gw_model *model, struct slice body,
		   const char **error);

#endif
