// SPDX-License-Identifier: MIT
// Reads ncnn's models: the lines of the text, and the weights as the layers ask for them.
#include "kernels/model/ncnn.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CONNECTIONS = 4096 };

enum wr_status wr_ncnn_refuse(const struct wr_ncnn *n, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return wr_model_refuse(n->model, n->error, "layer '%.80s' (%.40s): %s", n->name, n->type, what);
}

double wr_ncnn_number(const struct wr_ncnn *n, int parameter, double otherwise)
{
    const struct wr_constant *const c = &n->parameters[parameter];
    return c->count ? wr_constant_number(c, 0) : otherwise;
}

int wr_ncnn_integer(const struct wr_ncnn *n, int parameter, int otherwise)
{
    const struct wr_constant *const c = &n->parameters[parameter];
    const int64_t number = c->count ? wr_constant_integer(c, 0) : otherwise;
    return number > INT32_MAX ? INT32_MAX : number < INT32_MIN ? INT32_MIN : (int)number;
}

static uint32_t word_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static float float_at(const uint8_t *bytes)
{
    const union {
        uint32_t bits;
        float value;
    } number = {.bits = word_at(bytes)};
    return number.value;
}

enum wr_status wr_ncnn_weights(struct wr_ncnn *n, bool is_marked, int rank, const int64_t *sizes,
                               struct wr_constant *c)
{
    const uint32_t halves = 0x01306B47, floats = 0x0002C056;
    const int64_t count = wr_constant_count(rank, sizes);
    uint32_t mark = 0;
    if (is_marked && n->end - n->weights >= 4) {
        mark = word_at(n->weights);
        n->weights += 4;
    }
    if (mark && mark != halves && mark != floats)
        return wr_ncnn_refuse(n, "its weights are neither float32 nor float16");
    const int64_t bytes = mark == halves ? (2 * count + 3) / 4 * 4 : 4 * count;
    if (count < 1 || bytes > n->end - n->weights)
        return wr_ncnn_refuse(n, count < 1 ? "its parameters give no number of weights"
                                           : "the file of weights ends within its weights");
    if (!wr_constant_open(c, false, rank, sizes))
        return wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
    for (size_t k = 0; k < c->count; k++)
        c->floats[k] =
            mark == halves
                ? wr_float_from_half((uint16_t)(n->weights[2 * k] | n->weights[2 * k + 1] << 8))
                : float_at(n->weights + 4 * k);
    n->weights += bytes;
    return WR_OK;
}

// Where the reader of the text is. The line is cut into words in place.
struct text {
    char *rest, *words;
    locale_t plain; // numbers have a point
};

static char *next_word(char **rest)
{
    char *word;
    while ((word = strsep(rest, " \t\r")) && !*word)
        ;
    return word;
}

// A whole number from 0 to `most`; -1 if the word is none.
static int read_count(const char *word, int most)
{
    char *end = NULL;
    const long number = word ? strtol(word, &end, 10) : -1;
    return word && *word && !*end && number >= 0 && number <= most ? (int)number : -1;
}

static enum wr_status read_values(struct wr_ncnn *n, struct text *text, int count, int **values)
{
    *values = calloc((size_t)count + 1, sizeof **values);
    if (!*values)
        return wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
    enum wr_status status = WR_OK;
    for (int k = 0; !status && k < count; k++) {
        const char *const word = next_word(&text->words);
        status = word ? wr_model_value(n->model, word, &(*values)[k], n->error)
                      : wr_ncnn_refuse(n, "the line ends within its inputs and outputs");
    }
    return status;
}

// "KEY=VALUE", or "KEY=COUNT,VALUE,..." with a key of -23300 and below.
static enum wr_status read_parameter(struct wr_ncnn *n, const struct text *text, char *word)
{
    char *end;
    const long key = strtol(word, &end, 10);
    const bool is_list = key <= -23300;
    const long place = is_list ? -23300 - key : key;
    if (end == word || *end++ != '=' || place < 0 || place >= WR_NCNN_PARAMETERS)
        return wr_ncnn_refuse(n, "its parameter '%.40s' is not supported", word);
    int64_t count = 1;
    if (is_list) {
        char *comma;
        count = strtol(end, &comma, 10);
        end = *comma == ',' ? comma + 1 : comma;
    }
    if (count < 0 || count > (int64_t)strlen(word))
        return wr_ncnn_refuse(n, "its parameter '%.40s' has not as many numbers as it says", word);
    struct wr_constant *const c = &n->parameters[place];
    wr_constant_close(c);
    if (!wr_constant_open(c, !strpbrk(end, ".eEnN"), 1, &count))
        return wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
    for (size_t k = 0; k < c->count; k++) {
        char *after;
        wr_constant_put(c, k, strtod_l(end, &after, text->plain));
        if (after == end || (*after && *after != ','))
            return wr_ncnn_refuse(n, "its parameter '%.40s' is no number", word);
        end = *after ? after + 1 : after;
    }
    return WR_OK;
}

static enum wr_status read_layer(struct wr_ncnn *n, struct text *text)
{
    n->type = next_word(&text->words);
    n->name = next_word(&text->words);
    if (!n->type || !n->name)
        return wr_model_refuse(n->model, n->error, "a layer has no name");
    n->input_count = read_count(next_word(&text->words), MOST_CONNECTIONS);
    n->output_count = read_count(next_word(&text->words), MOST_CONNECTIONS);
    if (n->input_count < 0 || n->output_count < 1)
        return wr_ncnn_refuse(n, "it has no count of inputs and outputs up to %d",
                              MOST_CONNECTIONS);
    enum wr_status status = read_values(n, text, n->input_count, &n->inputs);
    if (!status)
        status = read_values(n, text, n->output_count, &n->outputs);
    for (char *word; !status && (word = next_word(&text->words));)
        status = read_parameter(n, text, word);
    return status ? status : wr_ncnn_layer(n);
}

static void forget_layer(struct wr_ncnn *n)
{
    free(n->inputs);
    free(n->outputs);
    n->inputs = n->outputs = NULL;
    for (int k = 0; k < WR_NCNN_PARAMETERS; k++)
        wr_constant_close(&n->parameters[k]);
}

static enum wr_status read_layers(struct wr_ncnn *n, struct text *text)
{
    const char *const magic = strsep(&text->rest, "\n"), *const counts = strsep(&text->rest, "\n");
    if (!counts || strncmp(magic, "7767517", 7) || (magic[7] && magic[7] != '\r'))
        return wr_model_refuse(n->model, n->error,
                               "it does not begin with 7767517, as ncnn's .param files do");
    enum wr_status status = WR_OK;
    while (!status && text->rest) {
        text->words = strsep(&text->rest, "\n");
        if (!text->words[strspn(text->words, " \t\r")])
            continue;
        status = read_layer(n, text);
        forget_layer(n);
    }
    return status;
}

// The output is what nothing reads.
static enum wr_status find_output(struct wr_model_file *model, struct wr_error *error)
{
    bool *const is_read = calloc((size_t)model->value_count + 1, sizeof *is_read);
    if (!is_read)
        return wr_fail(error, WR_FAILED, "model '%s': out of memory", model->path);
    for (int n = 0; n < model->node_count; n++)
        for (int k = 0; k < model->nodes[n].input_count; k++)
            if (model->nodes[n].inputs[k] >= 0)
                is_read[model->nodes[n].inputs[k]] = true;
    int found = 0;
    for (int n = 0; n < model->node_count; n++)
        for (int k = 0; k < model->nodes[n].output_count; k++)
            if (!is_read[model->nodes[n].outputs[k]]) {
                model->output = model->nodes[n].outputs[k];
                found++;
            }
    free(is_read);
    if (found != 1)
        return wr_model_refuse(model, error, "it has %d outputs, one is supported", found);
    return WR_OK;
}

// Where the input does not say how many channels it has, the first convolution does.
static void find_channels(struct wr_model_file *model)
{
    for (int n = 0; n < model->node_count && !model->size.channels; n++) {
        const struct wr_node *const node = &model->nodes[n];
        const int value = node->input_count > 1 ? node->inputs[1] : -1;
        const struct wr_constant *const weights = value < 0 ? NULL : &model->values[value].constant;
        if (weights && weights->rank == 4 && weights->sizes[1] <= 1 << 16)
            model->size.channels = (int)weights->sizes[1];
    }
}

enum wr_status wr_ncnn_read(struct wr_model_file *model, const char *text, const void *weights,
                            size_t size, struct wr_error *error)
{
    struct wr_ncnn n = {.model = model, .error = error, .weights = weights};
    n.end = n.weights + size;
    model->format = "ncnn";
    char *const copy = strdup(text);
    struct text reader = {.rest = copy, .plain = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    enum wr_status status =
        copy && reader.plain ? read_layers(&n, &reader)
                             : wr_fail(error, WR_FAILED, "model '%s': out of memory", model->path);
    free(copy);
    if (reader.plain)
        freelocale(reader.plain);
    if (status)
        return status;
    find_channels(model);
    if (model->input < 0 || !model->size.channels)
        return wr_model_refuse(model, error,
                               model->input < 0 ? "it has no input"
                                                : "it does not say how many channels it takes");
    if (n.weights != n.end)
        return wr_model_refuse(model, error,
                               "its file of weights holds %lld bytes that no layer uses",
                               (long long)(n.end - n.weights));
    return find_output(model, error);
}
