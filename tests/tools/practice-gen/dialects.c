#include "gen.h"
tap *dialects_open(gen *g, const char *folder, fault *f)
{
    (void)g;
    (void)folder;
    (void)f;
    return NULL;
}
void dialects_close(tap *t) { (void)t; }
