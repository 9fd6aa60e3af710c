#include "CLineEditing.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef APUS_LIBEDIT
#include <editline/readline.h>
#else
#include <readline/history.h>
#include <readline/readline.h>
#endif

// The terminal behind standard input, opened anew so that reading it never blocks: Ctrl-C empties
// its queue, perhaps just after poll() has seen something in it.
static int input_descriptor = STDIN_FILENO;
static int interrupt_descriptor = -1;
static int is_giving_up;
static int was_interrupted;

static void *completion_context;
static line_editing_complete complete;

// The candidates of the completion that runs now.
static char **candidates;
static size_t candidate_count;
static size_t candidate_capacity;
static size_t next_candidate;

static void add_candidate(void *sink, const char *word) {
  (void)sink;
  if (candidate_count == candidate_capacity) {
    size_t capacity = candidate_capacity ? 2 * candidate_capacity : 64;
    char **grown = realloc(candidates, capacity * sizeof *grown);
    if (!grown) return;
    candidates = grown;
    candidate_capacity = capacity;
  }
  char *copy = strdup(word);
  if (copy) candidates[candidate_count++] = copy;
}

// The library asks until it gets NULL, and frees what it gets.
static char *generate(const char *text, int state) {
  (void)text;
  if (state == 0) next_candidate = 0;
  if (next_candidate == candidate_count) return NULL;
  char *word = candidates[next_candidate];
  candidates[next_candidate++] = NULL;
  return word;
}

static char **attempt_completion(const char *text, int start, int end) {
  // No file names where nothing is found, and what follows a word is part of it.
  rl_attempted_completion_over = 1;
  rl_completion_append_character = '\0';
  candidate_count = 0;
  next_candidate = 0;
  complete(completion_context, rl_line_buffer, start, end, NULL, add_candidate);
  char **matches = candidate_count ? rl_completion_matches(text, generate) : NULL;
  for (size_t index = next_candidate; index < candidate_count; index++) free(candidates[index]);
  candidate_count = 0;
  return matches;
}

// Whether the library asks for a key of its own: in a search, a question or a count.
static int is_in_dialogue(void) {
#ifdef APUS_LIBEDIT
  return 0;
#else
  return RL_ISSTATE(
      RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_COMPLETING | RL_STATE_NUMERICARG |
      RL_STATE_MOREINPUT | RL_STATE_METANEXT);
#endif
}

// Ends the line after an interrupt: first whatever dialogue is open, then the line itself.
static int give_up(void) {
  if (is_in_dialogue()) return 'G' & 0x1f;
  is_giving_up = 0;
  was_interrupted = 1;
  fputs("^C", rl_outstream);
  return '\n';
}

static int read_byte(void) {
  for (;;) {
    if (is_giving_up) return give_up();
    struct pollfd descriptors[2] = {
      {.fd = input_descriptor, .events = POLLIN},
      {.fd = interrupt_descriptor, .events = POLLIN},
    };
    if (poll(descriptors, 2, -1) < 0) {
      if (errno != EINTR) return EOF;
#ifndef APUS_LIBEDIT
      rl_check_signals();
#endif
      continue;
    }
    if (descriptors[1].revents & POLLIN) {
      char bytes[64];
      while (read(interrupt_descriptor, bytes, sizeof bytes) == sizeof bytes) {}
      is_giving_up = 1;
      continue;
    }
    unsigned char byte;
    ssize_t count = read(input_descriptor, &byte, 1);
    if (count == 1) return byte;
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) return EOF;
  }
}

static int read_key(FILE *stream) {
  (void)stream;
  int first = read_byte();
#ifdef APUS_LIBEDIT
  // libedit takes characters where readline takes bytes.
  int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (first == EOF || length == 1) return first;
  int scalar = first & (0xff >> (length + 1));
  for (int index = 1; index < length; index++) {
    int next = read_byte();
    if (next == EOF || (next & 0xc0) != 0x80) return next;
    scalar = scalar << 6 | (next & 0x3f);
  }
  return scalar;
#else
  return first;
#endif
}

void line_editing_start(
    const char *program,
    const char *word_breaks,
    int interrupt,
    int output,
    void *context,
    line_editing_complete completer) {
  // Lines are UTF-8, whatever the environment says or leaves out.
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
  const char *terminal = ttyname(STDIN_FILENO);
  if (terminal) {
    int opened = open(terminal, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (opened >= 0) input_descriptor = opened;
  }
  interrupt_descriptor = interrupt;
  completion_context = context;
  complete = completer;
  rl_readline_name = strdup(program);
  rl_completer_word_break_characters = strdup(word_breaks);
  rl_attempted_completion_function = attempt_completion;
  rl_getc_function = read_key;
  rl_instream = stdin;
  rl_outstream = output == STDERR_FILENO ? stderr : stdout;
  using_history();
  stifle_history(10000);
}

char *line_editing_read(const char *prompt) {
  is_giving_up = 0;
  was_interrupted = 0;
  return readline(prompt);
}

int line_editing_was_interrupted(void) { return was_interrupted; }

void line_editing_add_history(const char *entry) { add_history(entry); }

const char *line_editing_library(void) {
#ifdef APUS_LIBEDIT
  return "libedit";
#else
  return "readline";
#endif
}
