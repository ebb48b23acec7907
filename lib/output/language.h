// SPDX-License-Identifier: MIT
// The two spellings that ISO 639-2 has for some languages.
#pragma once

// "ger" for "deu", and the reverse; NULL for a language that has one spelling.
const char *wr_language_respelled(const char *language);
