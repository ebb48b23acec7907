// SPDX-License-Identifier: MIT
// Repairs text that jansson would refuse; jansson itself says what is valid UTF-8.
#include "cli/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

// How many bytes make up the character at text, 0 if they are not UTF-8.
static size_t character(const char *text)
{
    for (size_t bytes = 1; bytes <= strnlen(text, 4); bytes++) {
        json_t *const one = json_stringn(text, bytes);
        json_decref(one);
        if (one)
            return bytes;
    }
    return 0;
}

static json_t *repaired(const char *text)
{
    char *const copy = malloc(strlen(text) * strlen(REPLACEMENT) + 1);
    if (!copy)
        return NULL;
    char *end = copy;
    while (*text) {
        const size_t valid = character(text);
        const size_t written = valid ? valid : strlen(REPLACEMENT);
        memcpy(end, valid ? text : REPLACEMENT, written);
        end += written;
        text += valid ? valid : 1;
    }
    *end = '\0';
    json_t *const value = json_string(copy);
    free(copy);
    return value;
}

json_t *wr_json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *const value = json_string(text);
    return value ? value : repaired(text);
}

json_t *wr_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *wr_json_known(double value)
{
    return value > 0 ? wr_json_number(value) : json_null();
}
