// SPDX-License-Identifier: MIT
// The filter tables in words, for help pages and the manual.
#include <stdio.h>

#include "lib/chain/parameters.h"
#include "lib/warpreel.h"
#include "kernels/filters/registry.h"

int wr_filter_count(void)
{
    return wr_filter_total;
}

struct wr_filter_info wr_filter_describe(int filter)
{
    const struct wr_filter *f = wr_filters[filter];
    return (struct wr_filter_info){f->name, f->help, f->example, f->parameter_count, !f->reshapes};
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
    wr_parameter_range(row, info.range, sizeof info.range);
    return info;
}
