// SPDX-License-Identifier: MIT
// Walks folders and lists, names outputs, and refuses those that collide.
#include "cli/tasks.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat status;
    return path && !stat(path, &status) && S_ISDIR(status.st_mode);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static char *join(const char *folder, const char *name)
{
    const size_t length = strlen(folder);
    char *path = malloc(length + strlen(name) + 2);
    if (path)
        sprintf(path, "%s%s%s", folder, length && folder[length - 1] != '/' ? "/" : "", name);
    return path;
}

// ---- names

static enum wr_status check_template(const char *template, struct wr_error *error)
{
    for (const char *c = template; (c = strchr(c, '{')); c++)
        if (strncmp(c, "{stem}", 6) && strncmp(c, "{ext}", 5))
            return wr_fail(error, WR_USAGE, "--%s \"%s\" may have {stem} and {ext} in it",
                           wr_option_name(name), template);
    return *template && !strchr(template, '/')
               ? WR_OK
               : wr_fail(error, WR_USAGE, "--%s needs the name of a file, not \"%s\"",
                         wr_option_name(name), template);
}

static bool add_text(char *text, const char *more, size_t length)
{
    const size_t used = strlen(text);
    if (used + length >= PATH_MAX)
        return false;
    memcpy(text + used, more, length);
    text[used + length] = '\0';
    return true;
}

// The output's name for a file below the output folder; NULL where it gets too long.
static char *name_output(const struct wr_settings *settings, const char *below)
{
    const char *template = settings->name ? settings->name : "{stem}.{ext}";
    const char *name = last_part(below), *dot = strrchr(name, '.');
    const size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    const char *ext = name[stem] ? name + stem + 1 : "";
    char text[PATH_MAX] = "";
    bool fits = add_text(text, below, (size_t)(name - below));
    for (const char *c = template; *c && fits;) {
        if (!strncmp(c, "{stem}", 6)) {
            fits = add_text(text, name, stem);
            c += 6;
        } else if (!strncmp(c, "{ext}", 5)) {
            fits = add_text(text, ext, strlen(ext));
            c += 5;
        } else {
            fits = add_text(text, c++, 1);
        }
    }
    return fits ? join(settings->job.output, text) : NULL;
}

// ---- collecting

struct search {
    struct wr_tasks *tasks;
    const struct wr_settings *settings;
    struct wr_error *error;
};

static enum wr_status out_of_memory(const struct search *s)
{
    return wr_fail(s->error, WR_FAILED, "out of memory");
}

// below: the part of the path that is kept in the output folder. The new task is the last one.
static enum wr_status add(const struct search *s, const char *input, const char *below,
                          const char *left_out)
{
    struct wr_tasks *tasks = s->tasks;
    struct wr_task *longer =
        realloc(tasks->items, ((size_t)tasks->count + 1) * sizeof *tasks->items);
    if (!longer)
        return out_of_memory(s);
    tasks->items = longer;
    struct wr_task *task = &longer[tasks->count++];
    *task = (struct wr_task){.input = strdup(input), .left_out = left_out, .job = s->settings->job};
    if (task->input && !left_out)
        task->output = name_output(s->settings, below);
    task->job.input = task->input;
    task->job.output = task->output;
    return task->input && (left_out || task->output) ? WR_OK : out_of_memory(s);
}

static bool matches(const char *const *globs, const char *below)
{
    for (; globs && *globs; globs++)
        if (!fnmatch(*globs, below, 0) || !fnmatch(*globs, last_part(below), 0))
            return true;
    return false;
}

// Files that the caller's own words leave out need no mention; all others do.
static bool is_wanted(const struct wr_settings *settings, const char *below)
{
    return (!settings->include || matches(settings->include, below)) &&
           !matches(settings->exclude, below);
}

static enum wr_status walk(const struct search *s, const char *folder, const char *below);

static enum wr_status visit(const struct search *s, const char *path, const char *below)
{
    struct stat status, link;
    if (lstat(path, &link) || stat(path, &status))
        return add(s, path, below, "a link that leads nowhere");
    if (S_ISDIR(status.st_mode) && S_ISLNK(link.st_mode))
        return add(s, path, below, "a link to a folder");
    if (S_ISDIR(status.st_mode) && s->settings->recursive)
        return walk(s, path, below);
    if (!is_wanted(s->settings, below))
        return WR_OK;
    if (S_ISDIR(status.st_mode))
        return add(s, path, below, "a folder, which --recursive goes into");
    if (!S_ISREG(status.st_mode))
        return add(s, path, below, "not a file");
    const enum wr_status added = add(s, path, below, NULL);
    s->tasks->items[s->tasks->count - 1].is_found = true;
    return added;
}

// In the order of names. Hidden files are nobody's videos: among them are outputs that grow.
static enum wr_status walk(const struct search *s, const char *folder, const char *below)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return wr_fail(s->error, WR_FAILED, "cannot read the folder %s: %s", folder,
                       strerror(errno));
    enum wr_status status = WR_OK;
    for (int n = 0; n < count; n++) {
        const char *name = entries[n]->d_name;
        if (!status && *name != '.') {
            char *path = join(folder, name), *rest = join(below, name);
            status = path && rest ? visit(s, path, rest) : out_of_memory(s);
            free(path);
            free(rest);
        }
        free(entries[n]);
    }
    free(entries);
    return status;
}

// Where a folder is, or would be if it existed: the caller frees it.
static char *resolve(const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", folder);
    for (char *slash; *path && !is_folder(path); *slash = '\0')
        if (!(slash = strrchr(path, '/')))
            return realpath(".", NULL);
    return realpath(*path ? path : "/", NULL);
}

// An output folder inside an input folder would be read with it the next time.
static enum wr_status check_nesting(const struct search *s, const char *folder)
{
    char *inner = resolve(s->settings->job.output), *outer = resolve(folder);
    const size_t length = outer ? strlen(outer) : 0;
    const bool is_inside = inner && outer && s->settings->recursive &&
                           !strncmp(inner, outer, length) &&
                           (inner[length] == '/' || !inner[length] || length == 1);
    free(inner);
    free(outer);
    return is_inside
               ? wr_fail(s->error, WR_USAGE, "the output folder %s is inside the input folder %s",
                         s->settings->job.output, folder)
               : WR_OK;
}

static enum wr_status add_operand(const struct search *s, const char *path)
{
    if (!is_folder(path))
        return add(s, path, last_part(path), NULL);
    const enum wr_status status = check_nesting(s, path);
    return status ? status : walk(s, path, "");
}

// ---- lists

// Options of a JSON line, by the names of the command line.
static enum wr_status apply(const struct search *s, const json_t *line, struct wr_task *task,
                            struct wr_error *error)
{
    struct wr_settings own = *s->settings;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)line, key, value)
    {
        if (!strcmp(key, "input") || !strcmp(key, "output"))
            continue;
        if (!json_is_string(value))
            return wr_fail(error, WR_USAGE, "\"%s\" has to be a text in quotes", key);
        const enum wr_status status = wr_settings_set(&own, key, json_string_value(value), error);
        if (status)
            return status;
    }
    task->job = own.job;
    task->job.input = task->input;
    task->job.output = task->output;
    return WR_OK;
}

static enum wr_status add_object(const struct search *s, const json_t *line, struct wr_error *error)
{
    const char *input = json_string_value(json_object_get(line, "input"));
    const char *output = json_string_value(json_object_get(line, "output"));
    if (!input)
        return wr_fail(error, WR_USAGE, "there is no \"input\"");
    if (add(s, input, last_part(input), NULL))
        return out_of_memory(s);
    struct wr_task *task = &s->tasks->items[s->tasks->count - 1];
    if (output) {
        free(task->output);
        if (!(task->output = join(s->settings->job.output, output)))
            return out_of_memory(s);
    }
    return apply(s, line, task, error);
}

static enum wr_status add_line(const struct search *s, char *text, struct wr_error *error)
{
    text[strcspn(text, "\r\n")] = '\0';
    if (!*text)
        return WR_OK;
    if (*text != '{')
        return add(s, text, last_part(text), NULL);
    json_error_t trouble;
    json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, &trouble);
    if (!line || json_array_append_new(s->tasks->lines, line))
        return wr_fail(error, WR_USAGE, "%s", trouble.text);
    return add_object(s, line, error);
}

static enum wr_status read_list(const struct search *s, const char *path)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
    if (!file)
        return wr_fail(s->error, WR_FAILED, "cannot read the list %s: %s", path, strerror(errno));
    s->tasks->lines = json_array();
    enum wr_status status = s->tasks->lines ? WR_OK : out_of_memory(s);
    char *text = NULL;
    size_t size = 0;
    for (int number = 1; !status && getline(&text, &size, file) >= 0; number++) {
        struct wr_error reason;
        status = add_line(s, text, &reason);
        if (status)
            wr_fail(s->error, status, "line %d of %s: %s", number, path, reason.text);
    }
    free(text);
    if (file != stdin)
        fclose(file);
    return status;
}

// ---- what cannot work

static int by_output(const void *a, const void *b)
{
    const struct wr_task *const *one = a, *const *other = b;
    return strcmp((*one)->output, (*other)->output);
}

// Subtitles and notes beside a video often have its name. True if the file was left out.
static bool leave_out(struct wr_task *task)
{
    if (task->is_found && !task->left_out && !wr_might_be_video(task->input))
        task->left_out = "no video";
    return task->left_out != NULL;
}

static enum wr_status check_pair(struct wr_task *a, struct wr_task *b, struct wr_error *error)
{
    if (strcmp(a->output, b->output) || leave_out(a) || leave_out(b))
        return WR_OK;
    return wr_fail(error, WR_USAGE, "%s and %s would both become %s", a->input, b->input,
                   a->output);
}

static enum wr_status check_outputs(const struct search *s)
{
    const struct wr_tasks *tasks = s->tasks;
    struct wr_task **sorted = calloc((size_t)tasks->count + 1, sizeof *sorted);
    int count = 0;
    enum wr_status status = sorted ? WR_OK : out_of_memory(s);
    for (int n = 0; n < tasks->count && !status; n++) {
        struct wr_task *task = &tasks->items[n];
        struct stat in, out;
        if (!task->output)
            continue;
        sorted[count++] = task;
        if (!stat(task->input, &in) && !stat(task->output, &out) && in.st_dev == out.st_dev &&
            in.st_ino == out.st_ino)
            status = wr_fail(s->error, WR_USAGE, "%s would replace itself", task->input);
    }
    if (sorted)
        qsort(sorted, (size_t)count, sizeof *sorted, by_output);
    // Of those with one name, each is compared with the last that was not left out.
    for (int n = 1, last = 0; n < count && !status; n++) {
        status = check_pair(sorted[last], sorted[n], s->error);
        last = sorted[n]->left_out ? last : n;
    }
    free(sorted);
    return status;
}

enum wr_status wr_tasks_collect(struct wr_tasks *tasks, const struct wr_settings *settings,
                                struct wr_error *error)
{
    const struct search s = {tasks, settings, error};
    const char *output = settings->job.output;
    struct stat status;
    *tasks = (struct wr_tasks){0};
    if (!strcmp(output, "-") || (!stat(output, &status) && !S_ISDIR(status.st_mode)))
        return wr_fail(error, WR_USAGE, "several inputs need a folder as output, and %s is none",
                       strcmp(output, "-") ? output : "standard output");
    enum wr_status result = settings->name ? check_template(settings->name, error) : WR_OK;
    for (int n = 0; n < settings->input_count && !result; n++)
        result = add_operand(&s, settings->inputs[n]);
    if (!result && settings->list)
        result = read_list(&s, settings->list);
    if (!result && !tasks->count)
        result = wr_fail(error, WR_USAGE, "there is no file to work on");
    return result ? result : check_outputs(&s);
}

void wr_tasks_close(struct wr_tasks *tasks)
{
    for (int n = 0; n < tasks->count; n++) {
        free(tasks->items[n].input);
        free(tasks->items[n].output);
    }
    free(tasks->items);
    json_decref(tasks->lines);
    *tasks = (struct wr_tasks){0};
}
