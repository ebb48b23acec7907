// SPDX-License-Identifier: MIT
// One suite, with a case for each input.
#include "cli/junit.h"

#include <errno.h>
#include <string.h>

#include "cli/json.h"
#include "cli/whole_file.h"

struct suite {
    const struct wr_junit_case *cases;
    int count;
};

// XML has no way to write most control characters.
static void put_text(FILE *file, const char *text)
{
    json_t *const valid = wr_json_text(text);
    const char *next = json_string_value(valid);
    for (; next && *next; next++)
        if (*next == '<')
            fputs("&lt;", file);
        else if (*next == '>')
            fputs("&gt;", file);
        else if (*next == '&')
            fputs("&amp;", file);
        else if (*next == '"')
            fputs("&quot;", file);
        else
            fputc((unsigned char)*next < ' ' || *next == 127 ? '?' : *next, file);
    json_decref(valid);
}

static bool is_failure(const struct wr_junit_case *c)
{
    return !c->is_skipped && c->status == WR_DIFFERS;
}

static bool is_error(const struct wr_junit_case *c)
{
    return !c->is_skipped && c->status && c->status != WR_DIFFERS && c->status != WR_DAMAGED;
}

static void put_verdict(FILE *file, const char *element, const char *sentence)
{
    fprintf(file, "      <%s message=\"", element);
    put_text(file, sentence);
    fputs("\"/>\n", file);
}

static void put_case(FILE *file, const struct wr_junit_case *c)
{
    const char *const sentence = c->sentence ? c->sentence : "";
    fputs("    <testcase classname=\"warpreel\" name=\"", file);
    put_text(file, c->name);
    fprintf(file, "\" time=\"%.3f\">\n", c->seconds);
    if (c->is_skipped)
        put_verdict(file, "skipped", sentence);
    else if (is_failure(c))
        put_verdict(file, "failure", sentence);
    else if (is_error(c))
        put_verdict(file, "error", sentence);
    else if (*sentence) {
        fputs("      <system-out>", file);
        put_text(file, sentence);
        fputs("</system-out>\n", file);
    }
    fputs("    </testcase>\n", file);
}

static int put_suite(const void *what, FILE *file)
{
    const struct suite *const suite = what;
    int failures = 0, errors = 0, skipped = 0;
    double seconds = 0;
    for (int n = 0; n < suite->count; n++) {
        failures += is_failure(&suite->cases[n]);
        errors += is_error(&suite->cases[n]);
        skipped += suite->cases[n].is_skipped;
        seconds += suite->cases[n].seconds;
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", file);
    fprintf(file,
            "  <testsuite name=\"warpreel\" tests=\"%d\" failures=\"%d\" errors=\"%d\" "
            "skipped=\"%d\" time=\"%.3f\">\n",
            suite->count, failures, errors, skipped, seconds);
    for (int n = 0; n < suite->count; n++)
        put_case(file, &suite->cases[n]);
    fputs("  </testsuite>\n</testsuites>\n", file);
    return ferror(file);
}

enum wr_status wr_junit_write(const char *path, const struct wr_junit_case *cases, int count,
                              struct wr_error *error)
{
    const struct suite suite = {cases, count};
    return wr_whole_file_write(path, put_suite, &suite)
               ? wr_fail(error, WR_FAILED, "cannot write the JUnit file \"%s\": %s", path,
                         strerror(errno))
               : WR_OK;
}
