// SPDX-License-Identifier: MIT
// Reads planning instances in minimalloc's format.
#include "tests/plans.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reads the number after a comma at *text and moves past it.
static bool read_number(const char **text, int64_t *number)
{
    if (**text != ',' || !isdigit((unsigned char)(*text)[1]))
        return false;
    char *end;
    errno = 0;
    *number = strtoll(*text + 1, &end, 10);
    *text = end;
    return errno == 0;
}

static bool read_block(const char *line, struct wr_block *block)
{
    line += strcspn(line, ","); // any id
    return read_number(&line, &block->from) && read_number(&line, &block->to) &&
           read_number(&line, &block->size) && *line == '\0' && block->from <= block->to;
}

static bool add(struct plan_instance *instance, struct wr_block block)
{
    struct wr_block *larger =
        realloc(instance->blocks, ((size_t)instance->count + 1) * sizeof *larger);
    if (!larger)
        return false;
    instance->blocks = larger;
    instance->blocks[instance->count++] = block;
    return true;
}

static enum wr_status read_lines(struct plan_instance *instance, FILE *file, const char *path,
                                 struct wr_error *error)
{
    enum wr_status status = WR_OK;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int number = 0;
    while (!status && (length = getline(&line, &size, file)) >= 0) {
        struct wr_block block;
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = '\0';
        if (number++ == 0) {
            if (strcmp(line, "id,lower,upper,size") != 0)
                status = wr_fail(error, WR_USAGE, "%s: line 1 is not id,lower,upper,size", path);
        } else if (strlen(line) != (size_t)length || !read_block(line, &block)) {
            status =
                wr_fail(error, WR_USAGE,
                        "%s: line %d is not an id and three numbers: lower, upper (not less), size",
                        path, number);
        } else if (!add(instance, block)) {
            status = wr_fail(error, WR_FAILED, "%s: out of memory", path);
        }
    }
    if (!status && ferror(file))
        status = wr_fail(error, WR_FAILED, "%s: %s", path, strerror(errno));
    else if (!status && number == 0)
        status = wr_fail(error, WR_USAGE, "%s: the file is empty", path);
    free(line);
    return status;
}

enum wr_status plan_instance_read(struct plan_instance *instance, const char *path,
                                  struct wr_error *error)
{
    *instance = (struct plan_instance){0};
    FILE *file = fopen(path, "r");
    if (!file)
        return wr_fail(error, WR_FAILED, "%s: %s", path, strerror(errno));
    const enum wr_status status = read_lines(instance, file, path, error);
    fclose(file);
    if (status)
        plan_instance_free(instance);
    return status;
}

void plan_instance_free(struct plan_instance *instance)
{
    free(instance->blocks);
    *instance = (struct plan_instance){0};
}
