// One file is a list of records, separated by blank lines:
//
//   # a comment
//
//   statement ok
//   CREATE VIEW v AS SELECT 1 AS a
//
//   statement error COLUMN_NOT_FOUND at 1:8
//   SELECT x FROM v
//
//   statement error DIVISION_BY_ZERO Division by .*
//   SELECT 1 / 0
//
//   query IT rowsort
//   SELECT a, 'x' FROM v
//   ----
//   1  x
//
//   explain
//   SELECT a FROM v
//   ----
//   - Project …
//
// Columns of an expected row are separated by two or more spaces or by tabs; a row of one column is
// the whole line. NULL is written NULL, the empty string (empty); in text, a line feed is \n, a tab
// \t, and spaces that would get lost (at the ends, or several in a row) are ␣.
//
// Type letters: I tinyint … bigint, R real, double and decimal, T varchar and char, B boolean,
// D dates, times, timestamps and intervals, X varbinary and sketches, J json, U uuid, ipaddress and
// ipprefix, G geometries and tiles, N arrays, maps and rows, ? any type. Modes:
// nosort (the default), rowsort, valuesort. A word behind the mode is a label: results of one label
// are equal.
//
// Other lines: `hash-threshold 100` (longer results are written as a hash), `skipif apus` and
// `onlyif apus` before a record (`disk` and `bucket` say where the data is), `require path samples/nycflights13` and `require function
// regexp_like` (the rest of the file is skipped where that is missing), `foreach type integer bigint` … `endfor` (${type} in the text is
// replaced). ${ROOT} is the package's folder, ${SCRATCH}
// an empty one of the file's own to write to.

/// One record of a file.
package struct SLTRecord: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case statement(Expectation)
    case query(types: String, sort: Sort, label: String?)
    case explain
  }

  /// What a statement should end in.
  package enum Expectation: Sendable, Equatable {
    case success
    /// An error of this name, perhaps at `line:column`, perhaps with a message that a regular
    /// expression finds something in.
    case error(code: String, place: String?, message: String?)
  }

  package enum Sort: String, Sendable {
    case nosort
    case rowsort
    case valuesort
  }

  package var kind: Kind
  /// The statement, with variables replaced.
  package var sql: String
  /// The lines expected, as they stand in the file.
  package var expected: [String]
  /// The line of the file, from 1, where the record begins.
  package var line: Int
  /// The lines of the expected output in the file; empty and behind `----` where there is none.
  package var expectedLines: Range<Int>
  /// Results of more values than this are compared by hash; 0 is never.
  package var hashThreshold: Int
  /// Whether the record stands in a loop, where accepting cannot rewrite it.
  package var isInLoop: Bool
}

/// What is wrong with a file itself.
package struct SLTSyntaxError: Error, CustomStringConvertible {
  package var line: Int
  package var message: String

  package var description: String { "line \(line): \(message)" }
}
