// SPDX-License-Identifier: MIT
// Hands out the instances of a program, and leaves out those whose device has failed.
#include "lib/run/batches/instances.h"

#include <string.h>

struct wr_instance *wr_instances_take(struct wr_instances *instances)
{
    for (int n = 0; n < instances->count; n++) {
        struct wr_instance *instance = &instances->items[n];
        if (!instance->taken && !instance->is_left_out) {
            instance->taken = true;
            return instance;
        }
    }
    return NULL;
}

void wr_instances_give(struct wr_instance *instance)
{
    instance->taken = false;
}

void wr_instances_leave_out(struct wr_instances *instances, const struct wr_instance *failed)
{
    for (int n = 0; n < instances->count; n++)
        if (!strcmp(instances->items[n].device, failed->device))
            instances->items[n].is_left_out = true;
    wr_resources_leave_out(instances->resources, failed->device);
    // A device that has failed may give no memory either.
    for (int n = 0; n < instances->count && instances->host_memory; n++) {
        const struct wr_instance *instance = &instances->items[n];
        if (!instance->is_left_out && instance->executor->type->host_memory)
            instances->host_memory->device = instance->executor->device;
    }
}

struct wr_instance *wr_instances_find_idle(struct wr_instances *instances, bool *can_wait)
{
    *can_wait = false;
    for (int n = 0; n < instances->count; n++) {
        struct wr_instance *instance = &instances->items[n];
        if (instance->is_left_out)
            continue;
        if (!instance->is_busy)
            return instance;
        *can_wait = true;
    }
    return NULL;
}

bool wr_instances_have_working(const struct wr_instances *instances)
{
    for (int n = 0; n < instances->count; n++)
        if (!instances->items[n].is_left_out)
            return true;
    return false;
}

void wr_instances_count(const struct wr_instances *instances, struct wr_memory *memory)
{
    *memory = (struct wr_memory){0};
    for (int n = 0; n < instances->count; n++)
        wr_memory_add(memory, &instances->items[n].memory);
}
