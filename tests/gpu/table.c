// SPDX-License-Identifier: MIT
// Two forms of the same numbers.
#include "tests/gpu/table.h"

// Bytes each second of a step, 0 where it was not measured.
static double rate(double bytes, double milliseconds)
{
    return milliseconds > 0 ? bytes / (1e-3 * milliseconds) : 0;
}

static struct gpu_step kernels(const struct gpu_result *result)
{
    struct gpu_step sum = {0};
    for (int k = 0; k < result->pass_count; k++) {
        sum.bytes += result->passes[k].bytes;
        sum.milliseconds += result->passes[k].milliseconds;
    }
    return sum;
}

static double of_copy(const struct gpu_table *table, const struct gpu_step *step)
{
    return table->machine.copy_rate > 0
               ? rate(step->bytes, step->milliseconds) / table->machine.copy_rate
               : 0;
}

static void write_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else if ((unsigned char)*text >= ' ')
            fputc(*text, file);
    fputc('"', file);
}

static void write_json_step(FILE *file, const struct gpu_table *table, const struct gpu_step *step)
{
    fprintf(file,
            "{\"name\": \"%s\", \"filter\": \"%s\", \"bytes\": %.0f, \"window\": %d, "
            "\"milliseconds\": %.6f, "
            "\"bytes_per_second\": %.0f, \"of_copy\": %.4f}",
            step->name, step->filter, step->bytes, step->window, step->milliseconds,
            rate(step->bytes, step->milliseconds), of_copy(table, step));
}

static void write_json_result(FILE *file, const struct gpu_table *table,
                              const struct gpu_result *result)
{
    struct gpu_step sum = kernels(result);
    fputs("    {\"chain\": ", file);
    write_string(file, result->chain);
    fprintf(file, ", \"width\": %d, \"height\": %d, \"depth\": %d, \"batch\": %d, \"problem\": ",
            result->width, result->height, result->depth, result->batch);
    write_string(file, result->problem);
    fputs(",\n     \"upload\": ", file);
    write_json_step(file, table, &result->upload);
    fputs(",\n     \"download\": ", file);
    write_json_step(file, table, &result->download);
    fputs(",\n     \"kernels\": ", file);
    write_json_step(file, table, &sum);
    fputs(",\n     \"passes\": [", file);
    for (int k = 0; k < result->pass_count; k++) {
        fputs(k ? ",\n                " : "", file);
        write_json_step(file, table, &result->passes[k]);
    }
    fprintf(file,
            "],\n     \"first_over_median\": %.4f, \"batches_per_second\": [%.3f, %.3f, %.3f], "
            "\"allocations_per_batch\": %g, \"held\": %.0f, \"estimated\": %.0f, "
            "\"compared\": %s}",
            result->first_over_median, result->batches_per_second[0], result->batches_per_second[1],
            result->batches_per_second[2], result->allocations_per_batch, result->held,
            result->estimated, result->is_compared ? "true" : "false");
}

void gpu_write_json(FILE *file, const struct gpu_table *table)
{
    fputs("{\n  \"device\": ", file);
    write_string(file, table->machine.device);
    const struct gpu_machine *machine = &table->machine;
    fprintf(file,
            ",\n  \"stand_in\": %s,\n  \"context_seconds\": %.4f,\n"
            "  \"pin_bytes_per_second\": %.0f,\n  \"up_bytes_per_second\": %.0f,\n"
            "  \"down_bytes_per_second\": %.0f,\n  \"both_bytes_per_second\": %.0f,\n"
            "  \"copy_bytes_per_second\": %.0f,\n  \"left_out\": %d,\n  \"notes\": [",
            machine->is_stand_in ? "true" : "false", machine->context_seconds, machine->pin_rate,
            machine->up_rate, machine->down_rate, machine->both_rate, machine->copy_rate,
            table->left_out);
    for (int n = 0; n < table->note_count; n++) {
        fputs(n ? ", " : "", file);
        write_string(file, table->notes[n]);
    }
    fputs("],\n  \"results\": [\n", file);
    for (int n = 0; n < table->result_count; n++) {
        write_json_result(file, table, &table->results[n]);
        fputs(n + 1 < table->result_count ? ",\n" : "\n", file);
    }
    fputs("  ]\n}\n", file);
}

static void write_picture(FILE *file, const struct gpu_result *result)
{
    fprintf(file, "| `%s` | %dx%d | %d ", result->chain, result->width, result->height,
            result->depth);
}

static void write_rate(FILE *file, const struct gpu_step *step)
{
    fprintf(file, "| %.1f ", rate(step->bytes, step->milliseconds) * 1e-9);
}

static void write_chains(FILE *file, const struct gpu_table *table)
{
    fputs("| chain | picture | bits | kernels, ms | GB/s | of copy | upload, GB/s | download, GB/s "
          "| first/median | batches/s, 1, 2, 3 instances | allocations per batch | held, MB | "
          "estimated, MB | bits |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n",
          file);
    for (int n = 0; n < table->result_count; n++) {
        const struct gpu_result *result = &table->results[n];
        const struct gpu_step sum = kernels(result);
        write_picture(file, result);
        fprintf(file, "| %.3f ", sum.milliseconds);
        write_rate(file, &sum);
        fprintf(file, "| %.0f %% ", 100 * of_copy(table, &sum));
        write_rate(file, &result->upload);
        write_rate(file, &result->download);
        fprintf(file, "| %.2f | %.1f, %.1f, %.1f | %g | %.1f | %.1f | %s |\n",
                result->first_over_median, result->batches_per_second[0],
                result->batches_per_second[1], result->batches_per_second[2],
                result->allocations_per_batch, result->held * 1e-6, result->estimated * 1e-6,
                result->problem[0]    ? result->problem
                : result->is_compared ? "equal"
                                      : "not compared");
    }
}

static void write_passes(FILE *file, const struct gpu_table *table)
{
    fputs("| chain | picture | bits | pass | filter | MB | ms | GB/s | of copy |\n"
          "|---|---|--:|---|---|--:|--:|--:|--:|\n",
          file);
    for (int n = 0; n < table->result_count; n++)
        for (int k = 0; k < table->results[n].pass_count; k++) {
            const struct gpu_step *pass = &table->results[n].passes[k];
            write_picture(file, &table->results[n]);
            fprintf(file, "| %s | %s | %.3f | %.4f ", pass->name, pass->filter, pass->bytes * 1e-6,
                    pass->milliseconds);
            write_rate(file, pass);
            fprintf(file, "| %.0f %% |\n", 100 * of_copy(table, pass));
        }
}

void gpu_write_markdown(FILE *file, const struct gpu_table *table)
{
    fprintf(file, "# %s\n\n", table->machine.device);
    if (table->machine.is_stand_in)
        fputs("**Made on a stand-in for a GPU, which runs on the processor: times and rates mean "
              "nothing.**\n\n",
              file);
    for (int n = 0; n < table->note_count; n++)
        fprintf(file, "* %s\n", table->notes[n]);
    const struct gpu_machine *machine = &table->machine;
    fprintf(
        file,
        "* the device can be used after %.2f s\n"
        "* %.1f GB of memory are pinned each second\n"
        "* copies from pinned memory to the device %.1f GB/s, back %.1f GB/s, both at once %.1f "
        "GB/s together\n"
        "* a copy within the device's memory reads and writes %.1f GB/s\n",
        machine->context_seconds, machine->pin_rate * 1e-9, machine->up_rate * 1e-9,
        machine->down_rate * 1e-9, machine->both_rate * 1e-9, machine->copy_rate * 1e-9);
    if (table->left_out)
        fprintf(file, "* %d measurements were left out for want of time\n", table->left_out);
    fprintf(
        file,
        "\nBytes are those read and written if every sample is touched once; times are medians, "
        "for a batch of %d.\n\n## Chains\n\n",
        table->result_count ? table->results[0].batch : 0);
    write_chains(file, table);
    fputs("\n## Passes\n\n", file);
    write_passes(file, table);
}

void gpu_write_counts(FILE *file, const struct gpu_table *table)
{
    fprintf(
        file,
        "# What each pass has to do\n\n"
        "For a batch of %d: the bytes of all samples it reads and writes, each touched once; how "
        "many samples of its inputs lie within reach of one of its output, which is the most that "
        "one is made from; and the least time on a device that copies 1 TB/s, half of it read and "
        "half written, when bytes are all that counts. A device of 3 TB/s takes a third of that. A "
        "pass is as good as it can be near that time; 80 %% of the copy's rate is what passes with "
        "few samples to one are to reach. Made by `gpu-bench --count`.\n\n"
        "| chain | picture | bits | pass | filter | MB | samples within reach | ms at 1 TB/s |\n"
        "|---|---|--:|---|---|--:|--:|--:|\n",
        table->result_count ? table->results[0].batch : 0);
    for (int n = 0; n < table->result_count; n++)
        for (int k = 0; k < table->results[n].pass_count; k++) {
            const struct gpu_step *pass = &table->results[n].passes[k];
            write_picture(file, &table->results[n]);
            fprintf(file, "| %s | %s | %.1f | %d | %.4f |\n", pass->name, pass->filter,
                    pass->bytes * 1e-6, pass->window, pass->bytes * 1e-9);
        }
}
