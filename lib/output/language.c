// SPDX-License-Identifier: MIT
// Finds the other spelling of a language.
#include "lib/output/language.h"

#include <string.h>

// ISO 639-2: bibliographic and terminological codes, where they differ.
static const char *const spellings[][2] = {
    {"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"}, {"chi", "zho"},
    {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"}, {"geo", "kat"}, {"ger", "deu"},
    {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"},
    {"per", "fas"}, {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"},
};

const char *wr_language_respelled(const char *language)
{
    for (size_t n = 0; n < sizeof spellings / sizeof *spellings; n++)
        for (int k = 0; k < 2; k++)
            if (!strcmp(language, spellings[n][k]))
                return spellings[n][!k];
    return NULL;
}
