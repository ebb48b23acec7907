// SPDX-License-Identifier: MIT
// Quotes and backslashes in texts for FFmpeg, as av_get_token() reads them.
#include <stdbool.h>

#include "lib/warpreel.h"

const char *wr_open_end(const char *text)
{
    bool is_quoted = false;
    for (; *text; text++) {
        if (*text == '\'')
            is_quoted = !is_quoted;
        else if (*text == '\\' && !is_quoted && !*++text)
            return "\\";
    }
    return is_quoted ? "'" : "";
}
