// SPDX-License-Identifier: MIT
// The filter tables in words, for help pages and the manual.
#include <stdio.h>
#include <string.h>

#include "kernels/filters/registry.h"
#include "lib/chain/value.h"
#include "lib/warpreel.h"

int wr_filter_count(void)
{
    return wr_filter_total;
}

static const char *filter_name(const void *filters, int n)
{
    return ((const struct wr_filter *const *)filters)[n]->name;
}

int wr_filter_find(const char *name, struct wr_error *error)
{
    for (int n = 0; n < wr_filter_total; n++)
        if (!strcmp(wr_filters[n]->name, name))
            return n;
    if (!error) // nobody reads what is near
        return -1;
    const char *nearest = wr_nearest(name, filter_name, wr_filters, wr_filter_total);
    if (nearest)
        wr_fail(error, WR_USAGE, "no filter named '%s', did you mean '%s'?", name, nearest);
    else
        wr_fail(error, WR_USAGE, "no filter named '%s' (%s)", name,
                strpbrk(name, "()") ? "a comma inside an expression must be written \\, or the "
                                      "expression quoted"
                                    : "--list-filters lists them");
    return -1;
}

struct wr_filter_info wr_filter_describe(int filter)
{
    const struct wr_filter *f = wr_filters[filter];
    return (struct wr_filter_info){.name = f->name,
                                   .help = f->help,
                                   .example = f->example,
                                   .notes = f->notes,
                                   .lists = f->lists,
                                   .parameter_count = f->parameter_count,
                                   .takes_enable = !f->reshapes};
}

struct wr_parameter_info wr_parameter_describe(int filter, int parameter)
{
    static const char *const types[] = {
        [WR_INTEGER] = "integer", [WR_NUMBER] = "number", [WR_BOOLEAN] = "boolean",
        [WR_CHOICE] = "choice",   [WR_FLAGS] = "flags",   [WR_EXPRESSION] = "expression",
        [WR_TEXT] = "text",       [WR_FORMATS] = "text"};
    const struct wr_parameter *row = &wr_filters[filter]->parameters[parameter];
    struct wr_parameter_info info = {
        .name = row->name, .alias = row->alias, .type = types[row->kind], .help = row->help};
    snprintf(info.standard, sizeof info.standard, "%s", row->standard);
    wr_value_range(row, info.range, sizeof info.range);
    return info;
}
