// SPDX-License-Identifier: MIT
// Takes lists of devices apart.
#include "lib/run/batches/device_list.h"

#include <stdio.h>
#include <string.h>

#include "lib/engine/devices.h"

static enum wr_status append(struct wr_device_list *list, const char *name, int length,
                             struct wr_error *error)
{
    char whole[32];
    if (snprintf(whole, sizeof whole, "%.*s", length, name) >= (int)sizeof whole || !length)
        return wr_fail(error, WR_USAGE, "no device '%.*s', there are auto, cpu, cuda and cuda:N",
                       length, name);
    if (!strcmp(whole, "auto"))
        return wr_fail(error, WR_USAGE,
                       "device 'auto' chooses one, and has none beside it: a list takes cpu, cuda, "
                       "cuda:N and cuda:all");
    if (!strcmp(whole, "cuda"))
        snprintf(whole, sizeof whole, "cuda:0");
    for (int n = 0; n < list->count; n++)
        if (!strcmp(list->names[n], whole))
            return wr_fail(error, WR_USAGE, "device '%s' is named twice", whole);
    if (list->count == WR_MAX_DEVICES)
        return wr_fail(error, WR_USAGE, "there are more than %d devices", WR_MAX_DEVICES);
    snprintf(list->names[list->count++], sizeof whole, "%s", whole);
    return WR_OK;
}

// A device by itself keeps the name that it was given.
static bool is_single(const char *text)
{
    return !strchr(text, ',') && strcmp(text, "cuda:all");
}

static enum wr_status append_all(struct wr_device_list *list, struct wr_error *error)
{
    const int count = wr_executor_device_count("cuda");
    enum wr_status status = count ? WR_OK : append(list, "cuda:0", 6, error); // which says why
    for (int n = 0; n < count && n < WR_MAX_DEVICES && !status; n++) {
        char name[32];
        snprintf(name, sizeof name, "cuda:%d", n);
        status = append(list, name, (int)strlen(name), error);
    }
    return status;
}

enum wr_status wr_device_list_read(struct wr_device_list *list, const char *text,
                                   struct wr_error *error)
{
    *list = (struct wr_device_list){.count = 0};
    if (is_single(text)) {
        snprintf(list->names[0], sizeof list->names[0], "%s", text);
        list->count = 1;
        return WR_OK;
    }
    enum wr_status status = WR_OK;
    for (const char *name = text; name && !status;) {
        const int length = (int)strcspn(name, ",");
        status = length == 8 && !strncmp(name, "cuda:all", 8) ? append_all(list, error)
                                                              : append(list, name, length, error);
        name = name[length] ? name + length + 1 : NULL;
    }
    return status;
}
