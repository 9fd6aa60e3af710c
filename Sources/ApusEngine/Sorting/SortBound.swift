import ApusVectors
import Synchronization

/// How far the first rows of an order reach, as far as that is known: the sort that looks for them
/// finds it, and the scan below drops what lies beyond.
final class SortBound: Sendable {
  /// No row whose first word is above this is among the first.
  private let word = Mutex<UInt64>(.max)
  /// The first key alone, at the start of its word.
  private let layout: SortKeyLayout
  /// The bits of a word of the whole order that are the first key's.
  private let mask: UInt64

  /// - Parameter order: that of the first key.
  init(_ order: SortOrder) {
    layout = SortKeyLayout([order], mayHaveNulls: [true])
    let bits = 1 + (layout.fields.first?.width ?? 0)
    mask = bits < 64 ? ~(UInt64.max >> UInt64(bits)) : .max
  }

  /// The first word of the last row known to be among the first.
  var value: UInt64 { word.withLock { $0 } }

  /// Takes note of a row that has enough rows before it.
  func lower(to other: UInt64) {
    // Not an `Atomic`: its `min` of Swift 6.3.1 compares unsigned integers as signed ones.
    word.withLock { $0 = min($0, other) }
  }

  /// Returns those of the rows whose first key does not rule them out.
  ///
  /// - Parameter key: the first key of all rows, in any encoding.
  func intersection(_ rows: Selection, _ key: ColumnVector) -> Selection {
    let bound = value
    if bound == .max { return rows }
    let words = SortKeyWords(layout, rowCount: rows.rowCount)
    words.encode([key.flattened()], 0..<rows.rowCount)
    return withExtendedLifetime(words) {
      let first = words.words[0]
      return rows.filter { first[$0] <= bound & mask }
    }
  }
}
