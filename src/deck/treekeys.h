/* treekeys.h -- inside of the readers of matrices and trees: their tables of keys. */
#ifndef DECK_TREEKEYS_H
#define DECK_TREEKEYS_H

#include "deck/dtree.h"
#include "deck/spec.h"

extern const struct spec_place matrix_place, dtree_place, dnode_place;

#endif
