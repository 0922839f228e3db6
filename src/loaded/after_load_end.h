/* How a command after a load ended. */
#ifndef LOADED_AFTER_LOAD_END_H
#define LOADED_AFTER_LOAD_END_H

typedef enum after_load_end {
    AFTER_LOAD_DONE,   /* any other has a finding */
    AFTER_LOAD_BUNDLE, /* the bundle, or what came back, cannot be read */
    AFTER_LOAD_OUTPUT,
    AFTER_LOAD_UNBALANCED, /* two readings of the bundle do not add up */
    AFTER_LOAD_MEMORY
} after_load_end;

#endif
