/* field-inventory.xlsx of every bundle: table, field, label, type, length, options, source, fill rate, new or there, and the
 * row of the brief. */
#ifndef GUIDE_INVENTORY_H
#define GUIDE_INVENTORY_H

#include "deliver/emitter.h"

extern const emitter field_inventory;

#endif
