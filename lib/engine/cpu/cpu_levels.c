// SPDX-License-Identifier: MIT
// Chooses among the instruction-set levels.
#include "lib/engine/cpu/cpu_levels.h"

#include <stdbool.h>
#include <string.h>

static bool is_supported(const char *name)
{
#ifdef __x86_64__
    const bool has_avx512 =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl");
    if (!strcmp(name, "avx2"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("bmi2");
    if (!strcmp(name, "avx512"))
        return has_avx512;
    if (!strcmp(name, "avx512vnni"))
        return has_avx512 && __builtin_cpu_supports("avx512vnni");
#endif
    return !strcmp(name, "baseline");
}

wr_cpu_rows *wr_cpu_level_find(const struct wr_cpu_level *level, const struct wr_pass *pass)
{
    for (const struct wr_cpu_kernel *const *family = level->families; *family; family++)
        for (const struct wr_cpu_kernel *compiled = *family; compiled->kernel; compiled++)
            if (compiled->kernel == pass->kernel)
                return compiled->rows[pass->wide];
    return NULL;
}

enum wr_status wr_cpu_level_choose(const char *name, const struct wr_cpu_level **level,
                                   struct wr_error *error)
{
    *level = NULL;
    for (const struct wr_cpu_level *l = wr_cpu_levels; l->name; l++)
        if (is_supported(l->name) && (!name || !strcmp(l->name, name)))
            *level = l;
    if (*level)
        return WR_OK;
    return wr_fail(error, WR_USAGE,
                   "CPU level '%s': this processor or build does not have it, "
                   "there are baseline, avx2, avx512 and avx512vnni",
                   name);
}
