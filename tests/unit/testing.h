/* cmocka with the headers that it needs before it (clang-format sorts includes, so no test lists them itself). */
#ifndef TESTING_H
#define TESTING_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
/* clang-format on */

#endif
