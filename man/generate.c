// SPDX-License-Identifier: MIT
// Rewrites the parts of the manual page and of the shells' completion that follow from the tables
// of options and filters.
//
//     generate PAGE NEW    copies a page and replaces what is between BEGIN X and END X
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "lib/warpreel.h"
#include "man/shells.h"

// Escapes text for roff, so that backslashes are literal and hyphens can be pasted.
static void put(FILE *page, const char *text)
{
    for (; *text; text++)
        if (*text == '\\')
            fputs("\\e", page);
        else if (*text == '-')
            fputs("\\-", page);
        else
            fputc(*text, page);
}

// Writes a text line as a sentence, or a part of one: first letter large, a full stop at the end.
static void put_sentence(FILE *page, const char *text)
{
    const size_t length = strlen(text);
    char *const copy = strdup(text);
    if (!copy || !length) {
        free(copy);
        return;
    }
    copy[0] = (char)toupper((unsigned char)copy[0]);
    fputs("\\&", page); // a line that begins with a full stop would be a request
    put(page, copy);
    fputs(copy[length - 1] == '.' ? "\n" : ".\n", page);
    free(copy);
}

static void put_option(FILE *page, const struct wr_option_info *option)
{
    fputs(".It ", page);
    if (option->letter)
        fprintf(page, "Fl %c , ", option->letter);
    fprintf(page, "Fl -%s", option->name);
    if (option->alias)
        fprintf(page, " , Fl -%s", option->alias);
    if (option->optional)
        fprintf(page, " Ns Op = Ns Ar %.*s", (int)strcspn(option->argument, "]") - 1,
                option->argument + 1);
    else if (option->argument)
        fprintf(page, " Ar %s", option->argument);
    fputc('\n', page);
    char text[512];
    const bool limits = option->limits[0];
    snprintf(text, sizeof(text), "%s%s%s%s", option->help, limits ? " (" : "", option->limits,
             limits ? ")" : "");
    put_sentence(page, text);
}

static void put_options(FILE *page)
{
    fputs(".Bl -tag -width Ds\n", page);
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        put_option(page, &option);
    }
    fputs(".El\n", page);
}

static void put_parameter(FILE *page, const struct wr_parameter_info *parameter)
{
    fprintf(page, ".It Cm %s", parameter->name);
    if (parameter->alias)
        fprintf(page, " , Cm %s", parameter->alias);
    fputc('\n', page);
    char text[2048];
    snprintf(text, sizeof(text), "%s (%s%s%s%s%s)", parameter->help, parameter->type,
             parameter->range[0] ? "; " : "", parameter->range,
             parameter->standard[0] ? "; default " : "", parameter->standard);
    put_sentence(page, text);
}

// "TITLE: a, b, c."
static void put_names(FILE *page, const struct wr_name_list *list)
{
    fputs(".Pp\n", page);
    put(page, list->title);
    fputs(":\n", page);
    for (int n = 0; list->name(n); n++) {
        fputs(".Cm ", page);
        put(page, list->name(n));
        fputs(list->name(n + 1) ? " ,\n" : " .\n", page);
    }
}

static void put_filter(FILE *page, int index)
{
    const struct wr_filter_info filter = wr_filter_describe(index);
    fprintf(page, ".Ss %s\n", filter.name);
    put_sentence(page, filter.help);
    if (filter.parameter_count > 0)
        fputs(".Bl -tag -width Ds\n", page);
    for (int i = 0; i < filter.parameter_count; i++) {
        const struct wr_parameter_info parameter = wr_parameter_describe(index, i);
        put_parameter(page, &parameter);
    }
    if (filter.parameter_count > 0)
        fputs(".El\n", page);
    if (filter.notes) {
        fputs(".Pp\n", page);
        put_sentence(page, filter.notes);
    }
    for (const struct wr_name_list *list = filter.lists; list && list->title; list++)
        put_names(page, list);
    if (filter.example) {
        fputs(".Pp\nExample:\n.Bd -literal -offset indent -compact\n\\&", page);
        put(page, filter.example);
        fputs("\n.Ed\n", page);
    }
}

// One row for each filter; the sections follow.
static void put_filter_table(FILE *page)
{
    fputs(".Bl -tag -compact -width colorchannelmixerx\n", page);
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        fprintf(page, ".It Cm %s\n", filter.name);
        put_sentence(page, filter.help);
    }
    fputs(".El\n", page);
}

static void put_filters(FILE *page)
{
    put_filter_table(page);
    for (int i = 0; i < wr_filter_count(); i++)
        put_filter(page, i);
}

static const struct part {
    const char *begin, *end;
    void (*put)(FILE *page);
} parts[] = {
    {".\\\" BEGIN OPTIONS\n", ".\\\" END OPTIONS\n", put_options},
    {".\\\" BEGIN FILTERS\n", ".\\\" END FILTERS\n", put_filters},
    {"    # BEGIN BASH\n", "    # END BASH\n", put_bash},
    {"    # BEGIN ZSH\n", "    # END ZSH\n", put_zsh},
    {"# BEGIN FISH\n", "# END FISH\n", put_fish},
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

// Returns true if there is at least one part and each part has its end.
static bool rewrite(FILE *old, FILE *page)
{
    const struct part *inside = NULL;
    bool found = false;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, old) > 0) {
        if (inside && !strcmp(line, inside->end)) {
            inside = NULL;
            found = true;
        }
        if (inside)
            continue;
        fputs(line, page);
        for (int i = 0; i < PARTS; i++)
            if (!strcmp(line, parts[i].begin)) {
                inside = &parts[i];
                inside->put(page);
            }
    }
    free(line);
    return found && !inside;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: generate PAGE NEW\n");
        return 2;
    }
    FILE *const old = fopen(argv[1], "r");
    FILE *const page = old ? fopen(argv[2], "w") : NULL;
    if (!page) {
        fprintf(stderr, "generate: %s: %s\n", argv[old ? 2 : 1], strerror(errno));
        return 1;
    }
    const bool whole = rewrite(old, page);
    if (!whole)
        fprintf(stderr, "generate: %s has no part to make, or one without its end\n", argv[1]);
    const int failed = fclose(page) || ferror(old) || !whole;
    fclose(old);
    return failed;
}
