/* Which profile and which destinations a run uses: read and checked before the source is, and before anything is
 * written. */
#ifndef CONVERT_CHOICE_H
#define CONVERT_CHOICE_H

#include "convert/convert.h"
#include "deliver/deliver.h"
#include "deliver/digest.h"
#include "profile/profile.h"

typedef struct choice {
    const destination **destination;
    const char **destination_hash;
    size_t destinations;
    const profile **candidate; /* the one asked for, or all */
    const char **candidate_hash;
    size_t candidates;
    bool named; /* the user named the profile */
    /* set by choice_profile */
    const profile *profile;
    const char *profile_hash;
    unsigned score;
    sv missing;
} choice;

/* A profile that the user did not name must fit this well. Names that every practice system could have (patient,
 * appointment) make a third of most fingerprints; what is below this is another system. */
enum { PROFILE_SCORE_MIN = 80 };

/* The option's value for that destination: "salesforce=wide,zoho=json" or "wide"; text may be NULL. */
sv choice_option_for(const char *text, sv id);

/* Reads the destinations asked for, and the profile asked for or all of them; every mistake goes to wrong. */
convert_end choice_read(choice *c, const convert_options *o, arena *mem, problems *wrong, findings *f);
/* The profile asked for, or the one that fits best. */
convert_end choice_profile(choice *c, const catalog *tables, arena *mem, findings *f);
/* The destinations once more, for that profile: some objects and fields are only there for some profiles. */
convert_end choice_destinations(choice *c, const convert_options *o, arena *mem, problems *wrong, findings *f);
/* The options that the user gives instead of the profile's. False with problems. */
bool choice_options(choice *c, const convert_options *o, arena *mem, problems *wrong);

#endif
