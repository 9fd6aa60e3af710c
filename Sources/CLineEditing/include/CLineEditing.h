// Reading edited lines from a terminal. The library that does it, GNU readline or libedit, keeps its
// state in global variables; this shim owns all of them, so none of its headers reaches Swift.

#ifndef C_LINE_EDITING_H
#define C_LINE_EDITING_H

/// Takes one candidate of a completion; the word is copied.
typedef void (*line_editing_emit)(void *sink, const char *word);

/// Finds what could stand in place of the bytes start..<end of a line, and calls `emit` for each.
typedef void (*line_editing_complete)(
    void *context, const char *line, int start, int end, void *sink, line_editing_emit emit);

/// Sets everything up; to be called once, before anything else.
///
/// - program: the name that a user's configuration file (inputrc, editrc) may have sections for
/// - word_breaks: the characters between which a word is completed
/// - interrupt_descriptor: becomes readable when the line is to be given up; what is in it is read
/// - output_descriptor: where prompts and the line are drawn
void line_editing_start(
    const char *program,
    const char *word_breaks,
    int interrupt_descriptor,
    int output_descriptor,
    void *context,
    line_editing_complete complete);

/// Reads a line, without its line feed, into memory that the caller frees; NULL at the end of input.
char *line_editing_read(const char *prompt);

/// Whether the line read last was given up instead of finished.
int line_editing_was_interrupted(void);

/// Adds an entry, perhaps of several lines, to those that the arrow keys bring back.
void line_editing_add_history(const char *entry);

/// The version of the library behind this.
const char *line_editing_library(void);

#endif
