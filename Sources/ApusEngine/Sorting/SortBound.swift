import ApusValues
import ApusVectors
import Synchronization

/// What is known, while rows are still coming, of where the first rows of an order end: the word of
/// a row of which as many as are wanted come before or are equal. It falls as better rows come.
final class SortBound: Sendable {
  private let layout: SortKeyLayout
  // Not an `Atomic`: its `min` of Swift 6.3.1 compares unsigned integers as signed ones.
  private let word = Mutex<UInt64>(.max)

  /// - Parameter order: that of the first key.
  init(_ order: SortOrder) { layout = SortKeyLayout([order], mayHaveNulls: [true]) }

  /// No row whose first word is above this is among the first ones; all ones as long as nothing is
  /// known.
  var value: UInt64 { word.withLock { $0 } }

  func lower(to word: UInt64) { self.word.withLock { $0 = min($0, word) } }

  /// Returns those of the selected rows that may be among the first ones, by the first key alone.
  func intersection(_ selection: Selection, _ key: ColumnVector) -> Selection {
    let bound = value
    if bound == .max { return selection }
    let words = SortKeyWords(layout, rowCount: key.count)
    words.encode([key.flattened()], 0..<key.count)
    return withExtendedLifetime(words) {
      // Bits of further keys are zeros here, which keeps rows that are equal in the first.
      let first = words.words[0]
      var rows: [Int32] = []
      selection.visitRows { row in
        if first[row] <= bound { rows.append(Int32(truncatingIfNeeded: row)) }
      }
      if rows.count == selection.count { return selection }
      return Selection(rowCount: selection.rowCount, indices: rows)
    }
  }
}
